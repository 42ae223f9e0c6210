/*
 * Protocols from plugins: those of info.plugin_dirs are on every vhost,
 * and files that are no good plugin harm nobody. ctest: only=ours
 */
#include <libwebsockets.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "peer.h"

static struct lws_context *cx;

static int
callback(struct lws *wsi, enum lws_callback_reasons reason, void *user,
	 void *in, size_t len)
{
	(void)wsi; (void)reason; (void)user; (void)in; (void)len;
	return 0;
}

static const struct lws_protocols protocols[] = {
	{ "own", callback, 0, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

/* layouts of lws_plugin_protocol and lws_protocols, written out */
static const char good[] =
	"#include <stddef.h>\n"
	"static int inits;\n"
	"static int f(void *w, int r, void *u, void *i, size_t n)\n"
	"{ (void)w; (void)u; (void)i; (void)n; if (r == 27) inits++; return 0; }\n"
	"int plugin_inits(void) { return inits; }\n"
	"static const struct { const char *name; int (*f)(void *, int, void *, void *, size_t);\n"
	" size_t pss, rx; unsigned int id; void *user; size_t tx; } p[] = { { \"from-plugin\", f, 8, 0, 7, 0, 0 } };\n"
	"const struct { const char *name, *kind; unsigned int api; const void *p, *e; int np, ne; }\n"
	" good = { \"good\", \"lws_protocol_plugin\", 190, p, 0, 1, 0 };\n";

static void
put(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	CHECK(f);
	fputs(text, f);
	CHECK(!fclose(f));
}

int
main(void)
{
	static const char *const dirs[] = { "plugins", "nowhere", NULL };
	struct lws_context_creation_info i;
	const struct lws_protocols *p;
	struct lws_vhost *vhost;

	CHECK(!mkdir("plugins", 0700));
	put("good.c", good);
	put("old.c", "const struct { const char *name, *kind; unsigned int api; } old = "
	    "{ \"old\", \"lws_protocol_plugin\", 1 };");
	put("other.c", "const struct { const char *name, *kind; unsigned int api; } other = "
	    "{ \"other\", \"something else\", 190 };");
	put("plugins/liba-junk.so", "no shared object");
	CHECK(!mkdir("plugins/libb-directory.so", 0700));
	CHECK(!system("cc -shared -fPIC -o plugins/libtest-good.so good.c"));
	CHECK(!system("cc -shared -fPIC -o plugins/liba-old.so old.c"));
	CHECK(!system("cc -shared -fPIC -o plugins/liba-other.so other.c"));
	CHECK(!system("cp plugins/liba-other.so plugins/liba-misnamed.so"));

	quiet_info(&i, 60);
	i.protocols = protocols;
	i.options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS;
	i.pcontext = &cx;
	/* not a member of the reference's struct */
	memcpy((char *)&i + 656, &(const char *const *){ dirs }, sizeof dirs[0]);
	cx = lws_create_context(&i);
	CHECK(cx);
	i.port = CONTEXT_PORT_NO_LISTEN;
	i.vhost_name = "first";
	vhost = lws_create_vhost(cx, &i);
	CHECK(vhost);
	CHECK(lws_vhost_name_to_protocol(vhost, "own"));
	p = lws_vhost_name_to_protocol(vhost, "from-plugin");
	CHECK(p);
	CHECK(p->id == 7 && p->per_session_data_size == 8);
	CHECK(!lws_vhost_name_to_protocol(vhost, "old"));
	CHECK(lws_service(cx, -1) == 0);
	lws_context_destroy(cx);
	CHECK(!cx);
	return 0;
}
