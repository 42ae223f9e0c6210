/* Digests by the TLS library. Not implemented by this library. */

#include "../libwebsockets.h"

#ifndef LWS_H_GENHASH_H
#define LWS_H_GENHASH_H

#define LWS_GENHASH_LARGEST 64

enum lws_genhash_types {
	LWS_GENHASH_TYPE_UNKNOWN,
	LWS_GENHASH_TYPE_MD5,
	LWS_GENHASH_TYPE_SHA1,
	LWS_GENHASH_TYPE_SHA256,
	LWS_GENHASH_TYPE_SHA384,
	LWS_GENHASH_TYPE_SHA512,
};

enum lws_genhmac_types {
	LWS_GENHMAC_TYPE_UNKNOWN,
	LWS_GENHMAC_TYPE_SHA256,
	LWS_GENHMAC_TYPE_SHA384,
	LWS_GENHMAC_TYPE_SHA512,
};

/** A running digest. */
struct lws_genhash_ctx {
	uint8_t type;
	const EVP_MD *evp_type;
	EVP_MD_CTX *mdctx;
};

/** A running keyed digest. */
struct lws_genhmac_ctx {
	uint8_t type;
	const EVP_MD *evp_type;
	EVP_MD_CTX *ctx;
	EVP_PKEY *key;
};

#endif
