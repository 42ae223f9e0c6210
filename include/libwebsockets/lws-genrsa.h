/* RSA by the TLS library. Not implemented by this library. */

#include "../libwebsockets.h"

#ifndef LWS_H_GENRSA_H
#define LWS_H_GENRSA_H

enum enum_genrsa_mode {
	LGRSAM_PKCS1_1_5,
	LGRSAM_PKCS1_OAEP_PSS,
	LGRSAM_COUNT,
};

/** An RSA operation. */
struct lws_genrsa_ctx {
	BIGNUM *bn[LWS_GENCRYPTO_RSA_KEYEL_COUNT];
	EVP_PKEY_CTX *ctx;
	RSA *rsa;
	struct lws_context *context;
	enum enum_genrsa_mode mode;
};

#endif
