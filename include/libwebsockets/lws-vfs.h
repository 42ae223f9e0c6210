/* File operations: names of the members, flags, and the calls that go through an open file's own operations. */

#include "../libwebsockets.h"

#ifndef LWS_H_VFS_H
#define LWS_H_VFS_H

/* Names of the members of lws_plat_file_ops. */
#define LWS_FOP_OPEN open
#define LWS_FOP_CLOSE close
#define LWS_FOP_SEEK_CUR seek_cur
#define LWS_FOP_READ read
#define LWS_FOP_WRITE write

/* Open flags: those of open() below, ours above. */
#define LWS_FOP_FLAGS_MASK ((1 << 23) - 1)
#define LWS_FOP_FLAG_COMPR_ACCEPTABLE_GZIP (1 << 24) /**< the reader takes gzip */
#define LWS_FOP_FLAG_COMPR_IS_GZIP (1 << 25) /**< the content is gzip */
#define LWS_FOP_FLAG_MOD_TIME_VALID (1 << 26) /**< mod_time says when it last changed */
#define LWS_FOP_FLAG_VIRTUAL (1 << 27) /**< there is no descriptor behind it */

/** Serves files from inside zip archives. */
LWS_VISIBLE extern struct lws_plat_file_ops fops_zip;

/** Closes the file and sets *fop_fd to NULL. */
static LWS_INLINE int lws_vfs_file_close(lws_fop_fd_t *fop_fd)
{
	return *fop_fd && (*fop_fd)->fops ? (*fop_fd)->fops->LWS_FOP_CLOSE(fop_fd) : 0;
}

/** Moves by offset from the current position; returns the new position. */
static LWS_INLINE lws_fileofs_t lws_vfs_file_seek_cur(lws_fop_fd_t fop_fd, lws_fileofs_t offset)
{
	return fop_fd->fops->LWS_FOP_SEEK_CUR(fop_fd, offset);
}

/** Reads up to len bytes; *amount says how many came. 0 unless it failed. */
static LWS_INLINE int lws_vfs_file_read(lws_fop_fd_t fop_fd, lws_filepos_t *amount, uint8_t *buf, lws_filepos_t len)
{
	return fop_fd->fops->LWS_FOP_READ(fop_fd, amount, buf, len);
}

/** Writes up to len bytes; *amount says how many went. 0 unless it failed. */
static LWS_INLINE int lws_vfs_file_write(lws_fop_fd_t fop_fd, lws_filepos_t *amount, uint8_t *buf, lws_filepos_t len)
{
	return fop_fd->fops->LWS_FOP_WRITE(fop_fd, amount, buf, len);
}

#endif
