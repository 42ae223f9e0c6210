/* JSON Web Signatures. Not implemented by this library. */

#include "../libwebsockets.h"

#ifndef LWS_H_JWS_H
#define LWS_H_JWS_H

struct lws_jws;
struct lws_jose;

#define LWS_JWS_MAX_SIGS 3

enum enum_jws_sig_elements {
	LJWS_JOSE,
	LJWS_PYLD,
	LJWS_SIG,
	LJWS_UHDR,
	LJWE_JOSE = 0,
	LJWE_EKEY,
	LJWE_IV,
	LJWE_CTXT,
	LJWE_ATAG,
	LJWE_AAD,
	LWS_JWS_MAX_COMPACT_BLOCKS,
};

/** Where the parts are. */
struct lws_jws_map {
	const char *buf[LWS_JWS_MAX_COMPACT_BLOCKS];
	uint32_t len[LWS_JWS_MAX_COMPACT_BLOCKS];
};

/** A JWS object being made or checked. */
struct lws_jws {
	struct lws_jwk *jwk;
	struct lws_context *context;
	struct lws_jws_map map;
	struct lws_jws_map map_b64;
};

/** What a token in a cookie says. */
struct lws_jwt_sign_set_cookie {
	struct lws_jwk *jwk;
	const char *alg;
	const char *iss;
	const char *aud;
	const char *cookie_name;
	char sub[33];
	const char *extra_json;
	size_t extra_json_len;
	const char *csrf_in;
	unsigned long expiry_unix_time;
};

/** Makes a compact signed token of a printf format. */
LWS_VISIBLE LWS_EXTERN int lws_jwt_sign_compact(struct lws_context *ctx, struct lws_jwk *jwk, const char *alg, char *out,
						size_t *out_len, char *temp, int tl, const char *format, ...)
						LWS_FORMAT(8);

#endif
