/* JSON Web Keys. Not implemented by this library. */

#include "../libwebsockets.h"

#ifndef LWS_H_JWK_H
#define LWS_H_JWK_H

struct lws_jwk;

#define LWSJWKF_EXPORT_PRIVATE (1 << 0)
#define LWSJWKF_EXPORT_NOCRLF (1 << 1)

enum enum_jwk_meta_tok {
	JWK_META_KTY,
	JWK_META_KID,
	JWK_META_USE,
	JWK_META_KEY_OPS,
	JWK_META_X5C,
	JWK_META_ALG,
	LWS_COUNT_JWK_ELEMENTS,
};

typedef int (*lws_jwk_key_import_callback)(struct lws_jwk *, void *);

/** A key. */
struct lws_jwk {
	struct lws_gencrypto_keyelem e[LWS_GENCRYPTO_MAX_KEYEL_COUNT];
	struct lws_gencrypto_keyelem meta[LWS_COUNT_JWK_ELEMENTS];
	int kty;
	char private_key;
};

/** State of a key's JSON parse. */
struct lws_jwk_parse_state {
	struct lws_jwk *jwk;
	char b64[1366];
	lws_jwk_key_import_callback per_key_cb;
	void *user;
	int pos;
	unsigned short possible;
};

#endif
