//! The memory in which a program lets the configuration live: texts and lists, one behind the other.

use super::{DATA_DIR, Refused};
use crate::capi::abi::lws_protocol_vhost_options as Pvo;
use crate::capi::arg;
use crate::proto::config::Node;
use crate::util::log::log_err;
use std::ffi::{CString, c_char, c_int};
use std::ptr;

/// What is left of it.
pub struct Store {
    at: *mut c_char,
    left: usize,
    /// The program's variables, which learn at the end how far we came.
    place: *mut *mut c_char,
    len: *mut c_int,
    /// The directory that the program named.
    pub directory: CString,
}

/// Takes over the program's memory. `None` when a pointer is NULL.
///
/// # Safety
/// `d` is NULL or a string; the others are NULL or valid, and `*place` is writable for `*len` bytes.
pub unsafe fn open(d: *const c_char, place: *mut *mut c_char, len: *mut c_int) -> Option<Store> {
    // SAFETY: by contract.
    let (at, left) = (unsafe { place.as_ref() }?, unsafe { len.as_ref() }?);
    // SAFETY: as above.
    let directory = unsafe { arg::owned(d) }?;
    (!at.is_null()).then_some(Store {
        at: *at,
        left: arg::count(*left),
        place,
        len,
        directory,
    })
}

impl Store {
    /// Tells the program how much is used.
    pub fn hand_back(self) {
        // SAFETY: valid by the contract of `open`.
        unsafe { self.place.write(self.at) };
        // SAFETY: as above.
        unsafe { self.len.write(arg::int(self.left)) };
    }

    fn take(&mut self, len: usize, align: usize) -> Result<*mut c_char, Refused> {
        let pad = self.at.align_offset(align);
        let whole = pad.checked_add(len).filter(|whole| *whole <= self.left);
        let Some(whole) = whole else {
            log_err!("lwsws: config_strings is full; give lwsws_get_config_* more room");
            return Err(Refused);
        };
        let start = self.at.wrapping_add(pad);
        self.at = self.at.wrapping_add(whole);
        self.left -= whole;
        Ok(start)
    }

    /// Keeps a text.
    pub fn text(&mut self, text: &str) -> Result<*const c_char, Refused> {
        let full = text.replace("_lws_ddir_", DATA_DIR);
        let Ok(text) = CString::new(full) else {
            log_err!("lwsws: a NUL in a text");
            return Err(Refused);
        };
        let bytes = text.as_bytes_with_nul();
        let place = self.take(bytes.len(), 1)?;
        // SAFETY: `take` gave this many bytes of the program's memory, which is not that of `bytes`.
        unsafe { ptr::copy_nonoverlapping(bytes.as_ptr(), place.cast(), bytes.len()) };
        Ok(place)
    }

    /// Keeps a plain C struct.
    pub fn keep<T: Copy>(&mut self, value: T) -> Result<*mut T, Refused> {
        let place = self.take(size_of::<T>(), align_of::<T>())?.cast::<T>();
        // SAFETY: room for a T, aligned by `take`.
        unsafe { place.write(value) };
        Ok(place)
    }

    /// Keeps a list of names and values. quirk: the last comes first.
    pub fn options<'a>(
        &mut self,
        group: impl Iterator<Item = &'a (String, Node)>,
        ending: &str,
    ) -> Result<*const Pvo, Refused> {
        let mut list = ptr::null();
        for (name, value) in group {
            list = self.option(list, &format!("{name}{ending}"), value.text().unwrap_or(""))?;
        }
        Ok(list)
    }

    /// Puts one name and value before a list.
    pub fn option(
        &mut self,
        next: *const Pvo,
        name: &str,
        value: &str,
    ) -> Result<*const Pvo, Refused> {
        let element = Pvo {
            next,
            options: ptr::null(),
            name: self.text(name)?,
            value: self.text(value)?,
        };
        Ok(self.keep(element)?)
    }
}

/// Puts the elements of `list` behind those of another list that is not shared yet.
///
/// # Safety
/// Both are lists that a [`Store`] keeps, with nobody else looking.
pub unsafe fn join(front: *const Pvo, list: *const Pvo) -> *const Pvo {
    let mut last = front.cast_mut();
    // SAFETY: elements of a store are valid.
    let Some(mut element) = (unsafe { last.as_mut() }) else {
        return list;
    };
    while !element.next.is_null() {
        last = element.next.cast_mut();
        // SAFETY: not NULL, and an element of the store.
        element = unsafe { &mut *last };
    }
    element.next = list;
    front
}
