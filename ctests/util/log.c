/* Log lines: levels, what the emit function gets, where long lines are cut, timestamps, the emitters' output. */
#include <libwebsockets.h>
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <fcntl.h>
#include <unistd.h>

static void emit(int level, const char *line)
{
	size_t n = strlen(line);

	printf("emit %d len %zu last %d: %.30s%s", level, n, n ? line[n - 1] : -1, line,
	       n > 30 || !n || line[n - 1] != '\n' ? "\n" : "");
}

static void visible(const char *what)
{
	int i;

	printf("%s:", what);
	for (i = 0; i < 13; i++)
		printf(" %d", lwsl_visible(1 << i));
	printf(" all %d none %d\n", lwsl_visible(-1), lwsl_visible(0));
}

/* digits become 9 */
static void shape(const char *s)
{
	for (; *s; s++)
		putchar(isdigit((unsigned char)*s) ? '9' : *s);
	putchar('\n');
}

static void logv(int level, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	_lws_logv(level, format, ap);
	va_end(ap);
}

/* what a function writes to stderr */
static void capture(const char *what, void (*f)(int, const char *), int level, const char *line)
{
	char path[] = "/tmp/lws-ctest-XXXXXX", b[512];
	int fd = mkstemp(path), keep = dup(2);
	ssize_t n;

	dup2(fd, 2);
	f(level, line);
	dup2(keep, 2);
	close(keep);
	lseek(fd, 0, SEEK_SET);
	n = read(fd, b, sizeof(b) - 1);
	b[n < 0 ? 0 : n] = 0;
	printf("%s %d: ", what, level);
	shape(b);
	close(fd);
	unlink(path);
}

static void through_log(int level, const char *line)
{
	_lws_log(level, "%s", line);
}

int main(void)
{
	static const int sizes[] = { 0, 1, 250, 253, 254, 255, 256, 257, 1023, 2999 };
	static char big[3001];
	char t[64];
	unsigned int i;
	int n;

	visible("default");
	for (i = 0; i < 13; i++)
		capture("default sink", through_log, 1 << i, "line\n");
	lws_set_log_level(0xfff, emit);
	visible("all");
	_lws_log(LLL_NOTICE, "int %d string %s double %f %g\n", -5, "x", 1.5, 2e30);
	_lws_log(LLL_NOTICE, "%d %d %d %d %d %d %d %d\n", 1, 2, 3, 4, 5, 6, 7, 8);
	_lws_log(LLL_NOTICE, "%f %f %f %f %f %f %f %f %f %f\n", 1., 2., 3., 4., 5., 6., 7., 8., 9., 10.);
	_lws_log(LLL_USER, "%s %lld %f %d %f %s %c %zu\n", "a", 1LL << 40, .5, 7, .25, "b", 'c', (size_t)9);
	_lws_log(LLL_NOTICE, "%Lf %d\n", 1.5L, 3);
	logv(LLL_WARN, "from va_list %d %s %f\n", 3, "y", .5);
	_lws_log(LLL_NOTICE, "no newline");
	_lws_log(3, "two bits\n");
	_lws_log(0, "no bit\n");
	_lws_log(1 << 12, "beyond\n");
	_lws_log(-1, "minus one\n");
	for (i = 0; i < LWS_ARRAY_SIZE(sizes); i++) {
		memset(big, 'a', sizeof(big));
		big[sizes[i]] = 0;
		_lws_log(LLL_INFO, "%s", big);
		big[sizes[i]] = '\n';
		big[sizes[i] + 1] = 0;
		_lws_log(LLL_INFO, "%s", big);
	}
	lws_set_log_level(LLL_WARN, NULL);
	visible("warn");
	_lws_log(3, "two bits, one enabled\n");
	_lws_log(LLL_ERR, "off\n");
	lwsl_hexdump_level(LLL_ERR, "off", 3);
	lwsl_notice("off\n");
	lws_set_log_level(0, NULL);
	visible("none");
	_lws_log(LLL_ERR, "off\n");
	lws_set_log_level(0xfff, NULL);
	for (i = 0; i < 260; i++)
		big[i] = (char)i;
	lwsl_hexdump_level(LLL_NOTICE, big, 0);
	lwsl_hexdump_level(LLL_NOTICE, big, 1);
	lwsl_hexdump_level(LLL_WARN, big, 16);
	lwsl_hexdump_level(LLL_USER, big, 260);
	lwsl_hexdump(big + 60, 17);
	for (n = 0; n < 14; n++) {
		memset(t, 0, sizeof(t));
		printf("stamp bit %d: %d ", n, lwsl_timestamp(1 << n, t, sizeof(t)));
		shape(t);
	}
	printf("stamp of two: %d\n", lwsl_timestamp(3, t, sizeof(t)));
	for (n = 1; n < 34; n++) {
		memset(t, 0, sizeof(t));
		printf("stamp size %d: %d ", n, lwsl_timestamp(LLL_NOTICE, t, n));
		shape(t);
	}
	for (i = 0; i < 12; i++) {
		capture("stderr", lwsl_emit_stderr, 1 << i, "line\n");
		capture("stderr_notimestamp", lwsl_emit_stderr_notimestamp, 1 << i, "line\n");
	}
	capture("stderr", lwsl_emit_stderr, 3, "two bits\n");
	capture("stderr", lwsl_emit_stderr, 0, "no bit, no newline");
	capture("stderr", lwsl_emit_stderr, 4, "");
	capture("stderr", lwsl_emit_stderr, 4, "%s %d\n");
	return 0;
}
