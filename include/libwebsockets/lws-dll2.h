/* Doubly linked lists inside the program's objects: reading them, and loops. */

#include "../libwebsockets.h"

#ifndef LWS_H_DLL2_H
#define LWS_H_DLL2_H

/** Nonzero if d is in no list. */
static LWS_INLINE int lws_dll2_is_detached(const struct lws_dll2 *d)
{
	return !d->owner;
}

/** The list that d is in, or NULL. */
static LWS_INLINE const struct lws_dll2_owner *lws_dll2_owner(const struct lws_dll2 *d)
{
	return d->owner;
}

/** The first of the list, or NULL. */
static LWS_INLINE struct lws_dll2 *lws_dll2_get_head(struct lws_dll2_owner *owner)
{
	return owner->head;
}

/** The last of the list, or NULL. */
static LWS_INLINE struct lws_dll2 *lws_dll2_get_tail(struct lws_dll2_owner *owner)
{
	return owner->tail;
}

/** Finds the object of a list whose name, a member that points to text, is the namelen bytes at name. */
#define lws_dll2_search_sz_pl(own, name, namelen, type, membd2list, membptr) \
	((type *)_lws_dll2_search_sz_pl(own, name, namelen, offsetof(type, membd2list), offsetof(type, membptr)))

/* Loops over a list of lws_dll2; the body goes between start and end. */

#define lws_start_foreach_dll(___type, ___it, ___start) \
	{ \
		___type ___it = ___start; \
		while (___it) {
#define lws_end_foreach_dll(___it) \
			___it = (___it)->next; \
		} \
	}
/** As above; the body may remove the object. */
#define lws_start_foreach_dll_safe(___type, ___it, ___tmp, ___start) \
	{ \
		___type ___it = ___start; \
		while (___it) { \
			___type ___tmp = (___it)->next;
#define lws_end_foreach_dll_safe(___it, ___tmp) \
			___it = ___tmp; \
		} \
	}

#endif
