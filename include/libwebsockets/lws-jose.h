/* JSON signing and encryption: header and algorithms. Not implemented by this library. */

#include "../libwebsockets.h"

#ifndef LWS_H_JOSE_H
#define LWS_H_JOSE_H

struct lws_jws_recpient;
struct lws_jose_jwe_alg;
struct lws_jose;

#define LWS_JWS_MAX_RECIPIENTS 3

enum lws_jws_jose_hdr_indexes {
	LJJHI_ALG,
	LJJHI_JKU,
	LJJHI_JWK,
	LJJHI_KID,
	LJJHI_X5U,
	LJJHI_X5C,
	LJJHI_X5T,
	LJJHI_X5T_S256,
	LJJHI_TYP,
	LJJHI_CTY,
	LJJHI_CRIT,
	LJJHI_RECIPS_HDR,
	LJJHI_RECIPS_HDR_ALG,
	LJJHI_RECIPS_HDR_KID,
	LJJHI_RECIPS_EKEY,
	LJJHI_ENC,
	LJJHI_ZIP,
	LJJHI_EPK,
	LJJHI_APU,
	LJJHI_APV,
	LJJHI_IV,
	LJJHI_TAG,
	LJJHI_P2S,
	LJJHI_P2C,
	LWS_COUNT_JOSE_HDR_ELEMENTS,
};

enum lws_jose_algtype {
	LWS_JOSE_ENCTYPE_NONE,
	LWS_JOSE_ENCTYPE_RSASSA_PKCS1_1_5,
	LWS_JOSE_ENCTYPE_RSASSA_PKCS1_OAEP,
	LWS_JOSE_ENCTYPE_RSASSA_PKCS1_PSS,
	LWS_JOSE_ENCTYPE_ECDSA,
	LWS_JOSE_ENCTYPE_ECDHES,
	LWS_JOSE_ENCTYPE_AES_CBC,
	LWS_JOSE_ENCTYPE_AES_CFB128,
	LWS_JOSE_ENCTYPE_AES_CFB8,
	LWS_JOSE_ENCTYPE_AES_CTR,
	LWS_JOSE_ENCTYPE_AES_ECB,
	LWS_JOSE_ENCTYPE_AES_OFB,
	LWS_JOSE_ENCTYPE_AES_XTS,
	LWS_JOSE_ENCTYPE_AES_GCM,
};

/** One recipient. */
struct lws_jws_recpient {
	struct lws_gencrypto_keyelem unprot[LWS_COUNT_JOSE_HDR_ELEMENTS];
	struct lws_jwk jwk_ephemeral;
	struct lws_jwk jwk;
};

/** A parsed JOSE header. */
struct lws_jose {
	struct lws_gencrypto_keyelem e[LWS_COUNT_JOSE_HDR_ELEMENTS];
	struct lws_jws_recpient recipient[LWS_JWS_MAX_RECIPIENTS];
	char typ[32];
	const struct lws_jose_jwe_alg *alg;
	const struct lws_jose_jwe_alg *enc_alg;
	int recipients;
};

/** A row of an algorithm table. */
struct lws_jose_jwe_alg {
	enum lws_genhash_types hash_type;
	enum lws_genhmac_types hmac_type;
	enum lws_jose_algtype algtype_signing;
	enum lws_jose_algtype algtype_crypto;
	const char *alg;
	const char *curve_name;
	unsigned short keybits_min;
	unsigned short keybits_fixed;
	unsigned short ivbits;
};

#endif
