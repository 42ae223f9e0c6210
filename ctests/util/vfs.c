/* File operations: real files, a program's own operations for paths with a signature, replaced lists. */
#include <libwebsockets.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "show.h"

static int nothing(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	(void)wsi; (void)reason; (void)user; (void)in; (void)len;
	return 0;
}

static struct lws_protocols protocols[] = { { "p0", nothing, 0, 0, 0, NULL, 0 }, { NULL, NULL, 0, 0, 0, NULL, 0 } };

/* A file that holds its own inner path. */
static lws_fop_fd_t own_open(const struct lws_plat_file_ops *fops, const char *path, const char *inner,
			     lws_fop_flags_t *flags)
{
	lws_fop_fd_t file = calloc(1, sizeof *file);

	printf("own open %s inner %s flags %x, told the head %d\n", path, inner ? inner : "none", *flags,
	       fops->open != own_open);
	*flags |= LWS_FOP_FLAG_VIRTUAL;
	file->fops = fops;
	file->filesystem_priv = strdup(inner ? inner : path);
	file->len = strlen(file->filesystem_priv);
	file->flags = *flags;
	file->fd = LWS_INVALID_FILE;
	return file;
}

static int own_close(lws_fop_fd_t *file)
{
	printf("own close\n");
	free((*file)->filesystem_priv);
	free(*file);
	*file = NULL;
	return 0;
}

static lws_fileofs_t own_seek(lws_fop_fd_t file, lws_fileofs_t by)
{
	printf("own seek by %lld\n", (long long)by);
	file->pos = (lws_filepos_t)((lws_fileofs_t)file->pos + by);
	if (file->pos > file->len)
		file->pos = file->len;
	return (lws_fileofs_t)file->pos;
}

static int own_read(lws_fop_fd_t file, lws_filepos_t *amount, uint8_t *buf, lws_filepos_t len)
{
	*amount = file->len - file->pos < len ? file->len - file->pos : len;
	memcpy(buf, (char *)file->filesystem_priv + file->pos, (size_t)*amount);
	file->pos += *amount;
	return 0;
}

static int own_write(lws_fop_fd_t file, lws_filepos_t *amount, uint8_t *buf, lws_filepos_t len)
{
	(void)file; (void)buf; (void)len;
	*amount = 0;
	return -1;
}

static const struct lws_plat_file_ops own = {
	own_open, own_close, own_seek, own_read, own_write,
	{ { ".zip/", 5 }, { ".ZIP/", 5 }, { ".war/", 5 } }, NULL
};

static void position(const char *what, lws_fop_fd_t file, lws_fileofs_t result)
{
	printf("%s -> %lld, at %llu\n", what, (long long)result, (unsigned long long)lws_vfs_tell(file));
}

static void take(lws_fop_fd_t file, lws_filepos_t len)
{
	lws_filepos_t amount = 99;
	uint8_t buf[64];
	int result = lws_vfs_file_read(file, &amount, buf, len);

	printf("read %d: %.*s (%d), at %llu\n", (int)len, (int)amount, (char *)buf, result,
	       (unsigned long long)lws_vfs_tell(file));
}

static void put(lws_fop_fd_t file, const char *text)
{
	lws_filepos_t amount = 99;
	uint8_t buf[64];
	int result;

	memcpy(buf, text, strlen(text));
	result = lws_vfs_file_write(file, &amount, buf, strlen(text));
	printf("write %s -> %d, %d bytes, at %llu of %llu\n", text, result, (int)amount,
	       (unsigned long long)lws_vfs_tell(file), (unsigned long long)lws_vfs_get_length(file));
}

static void real_file(const struct lws_plat_file_ops *fops, const char *path)
{
	lws_fop_flags_t flags = O_RDWR | O_CREAT;
	lws_fop_fd_t file = lws_vfs_file_open(fops, path, &flags);
	struct stat st;

	printf("created %d flags %x\n", !!file, flags);
	if (!file)
		return;
	printf("mode %o, length %d\n", (unsigned)(fstat(file->fd, &st) ? 0 : st.st_mode & 0777), (int)file->len);
	put(file, "0123456789abcdef");
	printf("close %d", lws_vfs_file_close(&file));
	printf(" %d\n", !file);

	flags = O_RDONLY | LWS_FOP_FLAG_COMPR_ACCEPTABLE_GZIP;
	file = lws_vfs_file_open(fops, path, &flags);
	if (!file)
		return;
	printf("flags %x, file's %x, its operations %d, length %llu, changed %u\n", flags, file->flags,
	       file->fops == fops, (unsigned long long)lws_vfs_get_length(file), lws_vfs_get_mod_time(file));
	position("end from the beginning", file, lws_vfs_file_seek_end(file, -3));
	take(file, 10);
	take(file, 10);
	position("set", file, lws_vfs_file_seek_set(file, 4));
	take(file, 3);
	take(file, 0);
	position("current", file, lws_vfs_file_seek_cur(file, 2));
	take(file, 1);
	position("too far", file, lws_vfs_file_seek_cur(file, 1000));
	position("before the beginning", file, lws_vfs_file_seek_cur(file, -1000));
	position("set before the beginning", file, lws_vfs_file_seek_set(file, -5));
	put(file, "zz");
	printf("close %d", lws_vfs_file_close(&file));
	printf(" %d\n", !file);
}

static void try_open(const struct lws_plat_file_ops *fops, const char *path)
{
	lws_fop_flags_t flags = O_RDONLY;
	lws_fop_fd_t file = lws_vfs_file_open(fops, path, &flags);

	printf("open %s -> %d flags %x\n", path, !!file, flags);
	if (!file)
		return;
	if (file->filesystem_priv) {
		file->fops = &own; /* what a real one does in its open */
		take(file, 3);
		position("set", file, lws_vfs_file_seek_set(file, 1));
		take(file, 30);
	}
	printf("close %d\n", lws_vfs_file_close(&file));
}

int main(void)
{
	static const char *const paths[] = {
		"/a/x.zip/b/c.txt", "/a/x.zip", "/a/x.zip/", "/a/x.war/y.zip/z", "/a.zipp/x", "/a/x.ZIP/q", "/", "/none"
	};
	struct lws_context_creation_info info;
	struct lws_plat_file_ops *fops, copy;
	struct lws_context *cx;
	char dir[] = "/tmp/vfs-XXXXXX", path[64];
	unsigned i;

	lws_set_log_level(0, NULL);
	umask(022);
	if (!mkdtemp(dir))
		return 1;
	lws_snprintf(path, sizeof path, "%s/file", dir);
	memset(&info, 0, sizeof info);
	info.port = CONTEXT_PORT_NO_LISTEN;
	info.protocols = protocols;
	info.fops = &own;
	cx = lws_create_context(&info);
	fops = lws_get_fops(cx);
	printf("head is ours %d, ours is next %d, behind it %d\n", fops == &own, fops->next == &own, !!own.next);
	printf("signatures of the head %d\n", !!fops->fi[0].sig);
	real_file(fops, path);
	for (i = 0; i < sizeof paths / sizeof *paths; i++)
		try_open(fops, paths[i]);

	copy = *fops;
	copy.open = own_open;
	lws_set_fops(cx, &copy);
	printf("replaced %d\n", lws_get_fops(cx) == &copy);
	try_open(lws_get_fops(cx), "/x");
	lws_context_destroy(cx);
	unlink(path);
	rmdir(dir);
	return 0;
}
