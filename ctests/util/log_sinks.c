/* The built-in sinks: colours on a terminal (stderr is one here), and what reaches the system log (whose functions this
 * program brings along). Levels that are no single bit are not in here where the reference reads past its table. */
#define _GNU_SOURCE
#include <libwebsockets.h>
#include <ctype.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

void syslog(int priority, const char *format, ...);
void __syslog_chk(int priority, int flag, const char *format, ...);

void syslog(int priority, const char *format, ...)
{
	va_list ap;

	printf("syslog %d: ", priority);
	va_start(ap, format);
	vprintf(format, ap);
	va_end(ap);
}

void __syslog_chk(int priority, int flag, const char *format, ...)
{
	va_list ap;

	(void)flag;
	printf("syslog %d: ", priority);
	va_start(ap, format);
	vprintf(format, ap);
	va_end(ap);
}

static int master;

/* shows what came to the terminal */
static void drain(const char *what, int level)
{
	char b[512];
	ssize_t n = read(master, b, sizeof(b)), i;

	printf("%s %x: ", what, (unsigned int)level);
	for (i = 0; i < n; i++)
		if (isdigit((unsigned char)b[i]) && strncmp(what, "plain", 5))
			putchar(i && b[i - 1] == '[' && i > 1 && b[i - 2] == 27 ? b[i] : '9');
		else if (isprint((unsigned char)b[i]))
			putchar(b[i]);
		else
			printf("\\%02x", (unsigned int)b[i]);
	printf("\n");
}

int main(void)
{
	int i, slave;
	struct termios t;

	master = posix_openpt(O_RDWR | O_NOCTTY);
	if (master < 0 || grantpt(master) || unlockpt(master))
		return 1;
	slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	if (slave < 0 || tcgetattr(slave, &t))
		return 1;
	cfmakeraw(&t);
	tcsetattr(slave, TCSANOW, &t);
	dup2(slave, 2);
	for (i = 0; i < 12; i++) {
		lwsl_emit_stderr_notimestamp(1 << i, "line\n");
		drain("plain", 1 << i);
		lwsl_emit_stderr(1 << i, "line\n");
		drain("stamped", 1 << i);
	}
	lwsl_emit_stderr_notimestamp(3, "two\n");
	drain("plain", 3);
	lwsl_emit_stderr(0x405, "three, no newline");
	drain("stamped", 0x405);
	lws_set_log_level(0xfff, NULL);
	_lws_log(LLL_NOTICE, "logged %d\n", 5);
	drain("stamped", LLL_NOTICE);
	lws_set_log_level(0xfff, lwsl_emit_syslog);
	for (i = 0; i < 12; i++)
		_lws_log(1 << i, "level %d of %s\n", i, "many");
	lwsl_emit_syslog(3, "two bits\n");
	lwsl_emit_syslog(0, "none, %s is not a format\n");
	lwsl_hexdump_level(LLL_WARN, "abc", 3);
	return 0;
}
