/*
 * lws_ext_parse_options: which callbacks it makes of a text, and what it
 * returns.
 */
#include <libwebsockets.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int answer;

static const struct lws_ext_options options[] = {
	{ "alpha", EXTARG_NONE }, { "beta", EXTARG_DEC },
	{ "gamma", EXTARG_OPT_DEC }, { NULL, EXTARG_NONE }
};

static int
ext_cb(struct lws_context *context, const struct lws_extension *ext,
       struct lws *wsi, enum lws_extension_callback_reasons reason,
       void *user, void *in, size_t len)
{
	struct lws_ext_option_arg *o = in;

	printf("  %s %s reason=%d user=%s len=%zu option=%s %d value=%.*s "
	       "(%d)\n", lws_get_context(wsi) == context ? "context" : "other",
	       ext->name, (int)reason, (char *)user, len,
	       o->option_name ? o->option_name : "NULL", o->option_index,
	       o->start ? o->len : 0, o->start ? o->start : "", o->len);
	return answer;
}

static const struct lws_extension ext = { "x", ext_cb, "x" };

static int
callback(struct lws *wsi, enum lws_callback_reasons reason, void *user,
	 void *in, size_t len)
{
	(void)wsi; (void)reason; (void)user; (void)in; (void)len;
	return 0;
}

static const struct lws_protocols protocols[] = {
	{ .name = "p0", .callback = callback }, { .name = NULL }
};

int
main(void)
{
	static const char *const texts[] = {
		"alpha", "beta=5", "gamma", "gamma=7", "alpha; beta=5; gamma",
		"nosuch", "alpha=3", "beta", "", "beta=x", "beta=", "gamma=",
		"beta=5 ; alpha", "alpha;;beta=1", "ALPHA", "gamma ;alpha",
		"beta=123456789012345", "alpha; nosuch; beta=1", "beta=5x",
		"beta=-5", "alphabeta", ";", "; alpha",
		/* and where ours differs */
		"alph", "  alpha ", "beta = 5", "beta=\"5\"",
	};
	struct lws_context_creation_info info;
	struct lws_context *cx;
	lws_sock_file_fd_type fd;
	struct lws *wsi;
	int ends[2];

	memset(&info, 0, sizeof(info));
	info.port = CONTEXT_PORT_NO_LISTEN;
	info.protocols = protocols;
	info.vhost_name = "v";
	lws_set_log_level(LLL_ERR, NULL);
	cx = lws_create_context(&info);
	if (!cx || pipe(ends))
		return 1;
	fd.filefd = ends[0];
	wsi = lws_adopt_descriptor_vhost(lws_get_vhost_by_name(cx, "v"),
					 LWS_ADOPT_RAW_FILE_DESC, fd, "p0",
					 NULL);
	answer = -1;
	printf("refused: %d\n",
	       lws_ext_parse_options(&ext, wsi, (void *)"mine", options,
				     "alpha;beta=1", 12));
	printf("cut: %d\n",
	       lws_ext_parse_options(&ext, wsi, (void *)"mine", options,
				     "alpha; beta=567", 14));
	answer = 0;
	for (size_t n = 0; n < sizeof(texts) / sizeof(*texts); n++) {
		printf("'%s'\n", texts[n]);
		printf("'%s' = %d\n", texts[n],
		       lws_ext_parse_options(&ext, wsi, (void *)"mine", options,
					     texts[n], (int)strlen(texts[n])));
	}
	lws_context_destroy(cx);
	close(ends[1]);
	return 0;
}
