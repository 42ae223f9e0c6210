/* JSON Web Encryption. Not implemented by this library. */

#include "../libwebsockets.h"

#ifndef LWS_H_JWE_H
#define LWS_H_JWE_H

#define LWS_JWE_RFC3394_OVERHEAD_BYTES 8
#define LWS_JWE_AES_IV_BYTES 16
#define LWS_JWE_LIMIT_RSA_KEY_BITS 4096
#define LWS_JWE_LIMIT_AES_KEY_BITS (512 + 64)
#define LWS_JWE_LIMIT_EC_KEY_BITS 528
#define LWS_JWE_LIMIT_HASH_BITS (LWS_GENHASH_LARGEST * 8)
#define LWS_JWE_LIMIT_KEY_ELEMENT_BYTES (LWS_JWE_LIMIT_RSA_KEY_BITS / 8)

/** A JWE object being made or opened. */
struct lws_jwe {
	struct lws_jose jose;
	struct lws_jws jws;
	struct lws_jwk jwk;
	uint8_t cek[LWS_JWE_LIMIT_KEY_ELEMENT_BYTES];
	unsigned int cek_valid:1;
	int recip;
};

#endif
