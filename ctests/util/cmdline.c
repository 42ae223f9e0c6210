/* lws_cmdline_option: the last match from the end wins, "-x5", "-x=5" and "-x 5" forms. */
#include <libwebsockets.h>
#include "show.h"

static void look(const char *val, const char *a0, const char *a1, const char *a2, const char *a3)
{
	const char *argv[5] = { a0, a1, a2, a3, NULL };
	const char *r;
	int n = 0;

	while (argv[n])
		n++;
	r = lws_cmdline_option(n, argv, val);
	printf("%s in", val);
	for (int i = 0; i < n; i++)
		printf(" [%s]", argv[i]);
	printf(" -> ");
	show_str(r);
	putchar('\n');
}

int main(void)
{
	look("-d", "p", "-d", "5", NULL);
	look("-d", "p", "-d5", "6", NULL);
	look("-d", "p", "-d", NULL, NULL);
	look("-d", "p", "-dx", "-d", NULL);
	look("-d", "-d", "x", NULL, NULL);
	look("-d", "p", NULL, NULL, NULL);
	look("-d", NULL, NULL, NULL, NULL);
	look("--ab", "p", "--ab=5", NULL, NULL);
	look("--ab", "p", "--abc", "--ab", NULL);
	look("--ab", "p", "--ab", "", NULL);
	look("--ab", "p", "--abc", NULL, NULL);
	look("--ab", "p", "--ab5", "--ab6", NULL);
	look("-d", "p", "x", "-d", "-e");
	look("-d", "p", "-d", "", "x");
	look("-d", "p", "-d=3", NULL, NULL);
	look("-d", "p", "-d=", "x", NULL);
	look("-d", "p", "-d==5", "x", NULL);
	look("-d", "p", "--d", "3", NULL);
	look("-d", "p", "-d5", "-d", "6");
	look("-d", "p", "-d", "6", "-d5");
	look("-d", "p", "-d", "-d", NULL);
	look("", "p", "x", NULL, NULL);
	look("", "p", "", "q", NULL);
	look("", "p", "=5", NULL, NULL);
	look("abc", "p", "abc=d", "e", NULL);
	look("-", "p", "-d", "x", NULL);
	return 0;
}
