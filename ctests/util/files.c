/* Directories walked, filtered and removed; small files read and written. */
#include <libwebsockets.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "show.h"

static int show_entry(const char *dir, void *user, struct lws_dir_entry *e)
{
	printf("  %s type %d same dir %d\n", e->name, e->type, dir == ((void **)user)[0]);
	return !strcmp(e->name, ((char **)user)[1]);
}

static int show_path(void *data, const char *path)
{
	printf("  %s %s\n", (char *)data, path);
	return 1;
}

static void touch(const char *path)
{
	int fd = open(path, O_CREAT | O_WRONLY, 0600);

	close(fd);
}

static void walk(const char *dir, const char *stop)
{
	const void *user[2] = { dir, stop };

	printf("walk %s until %s\n", dir, stop);
	printf("-> %d\n", lws_dir(dir, user, show_entry));
}

static void files(void)
{
	struct stat st;
	char buf[16];
	int n, fd;

	printf("write %d\n", lws_plat_write_file("file", "hello", 5));
	stat("file", &st);
	printf("mode %o size %d\n", st.st_mode & 0777, (int)st.st_size);
	for (int len = 0; len < 9; len += 2) {
		memset(buf, '#', sizeof buf);
		n = lws_plat_read_file("file", buf, len);
		printf("read %d -> %d ", len, n);
		show_bytes(buf, 10);
		putchar('\n');
	}
	printf("shorter %d", lws_plat_write_file("file", "he", 2));
	stat("file", &st);
	printf(" size %d\n", (int)st.st_size);
	printf("missing %d directory %d no such place %d full %d\n", lws_plat_read_file("none", buf, 5),
	       lws_plat_read_file(".", buf, 5), lws_plat_write_file("none/x", "a", 1), lws_plat_write_file("/dev/full", "a", 1));
	fd = open("cert", O_CREAT | O_WRONLY, 0600);
	printf("cert %d", lws_plat_write_cert(NULL, 0, fd, "pem", 3));
	close(fd);
	printf(" bad fd %d size %d\n", lws_plat_write_cert(NULL, 1, -1, "pem", 3), lws_plat_read_file("cert", buf, 16));
}

int main(void)
{
	static const char *const filters[] = { "a*t", "b.*xt", "*.tx", "a.*", "*a.txt", "*.txt", "*.TXT", "**.txt", "*", "*.*", "x*.txt",
		"*hid", ".h*", "*.hid", "a.txt", "R*E", "README*", "" };
	char base[] = "/tmp/lws-files-XXXXXX";

	if (!mkdtemp(base) || chdir(base) || mkdir("d", 0700))
		return 1;
	mkdir("d/sub", 0700);
	mkdir("d/sub.txt", 0700);
	mkdir("d/sub/deep", 0700);
	mkdir("keep", 0700);
	touch("keep/me");
	touch("d/sub/deep/f");
	touch("d/b.txt");
	touch("d/a.txt");
	touch("d/abtxt");
	touch("d/x.txt.txt");
	touch("d/README");
	touch("d/.hid");
	if (symlink("a.txt", "d/l.txt") || symlink("../keep", "d/to-dir") || symlink("none", "d/dangling") || mkfifo("d/fifo", 0600))
		return 1;
	walk("d", "");
	walk("d/", "b.txt");
	walk("none", "");
	walk("d/a.txt", "");
	for (size_t i = 0; i < LWS_ARRAY_SIZE(filters); i++) {
		lws_dir_glob_t g = { filters[i], show_path, "user" };

		printf("glob '%s'\n", filters[i]);
		printf("-> %d\n", lws_dir("d", &g, lws_dir_glob_cb));
	}
	{
		struct lws_dir_entry dot = { ".", LDOT_DIR }, none = { "none", LDOT_FILE }, unknown = { "b.txt", LDOT_UNKNOWN },
				     dir = { "sub.txt", LDOT_UNKNOWN };

		printf("remove . %d none %d unknown %d unknown directory %d\n", lws_dir_rm_rf_cb("d", NULL, &dot),
		       lws_dir_rm_rf_cb("d", NULL, &none), lws_dir_rm_rf_cb("d", NULL, &unknown), lws_dir_rm_rf_cb("d", NULL, &dir));
	}
	walk("d", "");
	printf("remove all %d\n", lws_dir("d", NULL, lws_dir_rm_rf_cb));
	walk("d", "");
	walk("keep", "");
	files();
	printf("clean up %d %d\n", lws_dir(base, NULL, lws_dir_rm_rf_cb), rmdir(base));
	return 0;
}
