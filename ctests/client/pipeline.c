/*
 * Requests that share a connection (LCCSCF_PIPELINE): they wait for it, and
 * the last one keeps it until the server closes. ctest:
 */
#define _GNU_SOURCE
#include <libwebsockets.h>

#include "origin.h"
#include "line.h"

static void
three(const char *title, const char *method, const char *const *answers)
{
	tr_line("# %s", title);
	destroyed = completed = 0;
	ask("GET", "/1", server.port);
	ask(method, "/2", server.port);
	ask("GET", "/3", server.port);
	serve(answers, &completed, 3);
	tr_line("-- the server closes");
	origin_drop(&server);
	serve(answers + 3, &destroyed, 3);
}

int
main(void)
{
	static const char *const plain[] = { OK, OK, OK, NULL };
	static const char *const mixed[] = { CHUNKED, EMPTY, CHUNKED, NULL };

	setup();
	three("with lengths", "GET", plain);
	three("in chunks, and empty", "GET", mixed);
	posts = 2;
	three("with a body", "POST", plain);
	lws_context_destroy(cx);
	origin_close(&server);
	tr_line("# end");
	return 0;
}
