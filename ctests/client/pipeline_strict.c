/*
 * Requests that share a connection which does not last: in ours each has its
 * answer or one CLIENT_CONNECTION_ERROR. ctest:
 */
#define _GNU_SOURCE
#include <libwebsockets.h>

#include "origin.h"
#include "line.h"

#define LAST "HTTP/1.1 200 OK\r\nConnection: close\r\n" \
	     "Content-Length: 2\r\n\r\nokCLOSE"

static void
three(const char *title, const char *const *answers, int answered)
{
	tr_line("# %s", title);
	destroyed = completed = 0;
	ask("GET", "/1", server.port);
	ask("GET", "/2", server.port);
	ask("GET", "/3", server.port);
	serve(answers, &completed, answered);
	tr_line("-- the server closes");
	origin_drop(&server);
	serve(answers + 5, &destroyed, 3);
}

/* the kept connection is taken over in the next pass */
static void
later(const char *title, const char *method, const char *second)
{
	const char *answers[] = { OK, second, OK, NULL };

	tr_line("# %s", title);
	destroyed = completed = 0;
	ask("GET", "/1", server.port);
	serve(answers, &completed, 1);
	tr_line("-- another one");
	posts = !strcmp(method, "POST");
	ask(method, "/2", server.port);
	serve(answers + 1, &destroyed, 1);
	if (*second != 'C' || *method == 'G')
		serve(answers + (*second == 'C' ? 2 : 1), &completed, 2);
	tr_line("-- the server closes");
	origin_drop(&server);
	serve(answers + 3, &destroyed, 2);
}

int
main(void)
{
	static const char *const closing[] = { LAST, LAST, LAST, NULL, NULL,
					       NULL };
	static const char *const silent[] = { "CLOSE", OK, OK, NULL, NULL,
					      NULL };
	static const char *const ended[] = { "HTTP/1.1 200 OK\r\n\r\nhiCLOSE",
					     OK, OK, NULL, NULL, NULL };
	static const char *const old[] = { OLD, OLD, OLD, NULL, NULL, NULL };
	static const char *const junk[] = { OK "junk", OK, OK, NULL, NULL,
					    NULL };
	struct origin gone;

	setup();
	three("the server says that it closes", closing, 3);
	three("closes without an answer", silent, 2);
	three("of HTTP/1.0, but kept", old, 3);
	three("an answer until the end", ended, 3);
	three("more than an answer", junk, 3);
	later("taken over", "GET", OK);
	later("taken over with a body", "POST", OK);
	later("it had closed meanwhile: again", "GET", "CLOSE");
	later("it had closed meanwhile: not twice", "POST", "CLOSE");

	tr_line("# refused");
	destroyed = 0;
	origin_open(&gone);
	origin_close(&gone);
	ask("GET", "/1", gone.port);
	ask("GET", "/2", gone.port);
	ask("GET", "/3", gone.port);
	serve(closing + 3, &destroyed, 3);

	tr_line("# destroyed while they wait");
	ask("GET", "/1", server.port);
	ask("GET", "/2", server.port);
	lws_context_destroy(cx);
	origin_close(&server);
	tr_line("# end");
	return 0;
}
