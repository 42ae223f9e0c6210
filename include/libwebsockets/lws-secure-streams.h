/* Secure streams. Not implemented by this library. */

#include "../libwebsockets.h"

#ifndef LWS_H_SECURE_STREAMS_H
#define LWS_H_SECURE_STREAMS_H

struct lws_ss_handle;

#define LWS_SS_MTU 1540
#define LWSSS_TIMEOUT_FROM_POLICY 0

typedef struct lws_ss_info lws_ss_info_t;
typedef uint32_t lws_ss_tx_ordinal_t;

typedef enum {
	LWSSSCS_CREATING,
	LWSSSCS_DISCONNECTED,
	LWSSSCS_UNREACHABLE,
	LWSSSCS_AUTH_FAILED,
	LWSSSCS_CONNECTED,
	LWSSSCS_CONNECTING,
	LWSSSCS_DESTROYING,
	LWSSSCS_POLL,
	LWSSSCS_ALL_RETRIES_FAILED,
	LWSSSCS_QOS_ACK_REMOTE,
	LWSSSCS_QOS_NACK_REMOTE,
	LWSSSCS_QOS_ACK_LOCAL,
	LWSSSCS_QOS_NACK_LOCAL,
	LWSSSCS_TIMEOUT,
	LWSSSCS_SERVER_TXN,
	LWSSSCS_SERVER_UPGRADE,
	LWSSSCS_SINK_JOIN,
	LWSSSCS_SINK_PART,
} lws_ss_constate_t;

enum {
	LWSSS_FLAG_SOM = 1,
	LWSSS_FLAG_EOM,
	LWSSS_FLAG_POLL = 4,
	LWSSS_FLAG_RELATED_START = 8,
	LWSSS_FLAG_RELATED_END = 16,
	LWSSS_FLAG_RIDESHARE = 32,
	LWSSS_SER_RXPRE_RX_PAYLOAD = 85,
	LWSSS_SER_RXPRE_CREATE_RESULT,
	LWSSS_SER_RXPRE_CONNSTATE,
	LWSSS_SER_RXPRE_TXCR_UPDATE,
	LWSSS_SER_RXPRE_TLSNEG_ENCLAVE_SIGN,
	LWSSS_SER_TXPRE_STREAMTYPE = 170,
	LWSSS_SER_TXPRE_ONWARD_CONNECT,
	LWSSS_SER_TXPRE_DESTROYING,
	LWSSS_SER_TXPRE_TX_PAYLOAD,
	LWSSS_SER_TXPRE_METADATA,
	LWSSS_SER_TXPRE_TXCR_UPDATE,
	LWSSS_SER_TXPRE_TIMEOUT_UPDATE,
	LWSSS_SER_TXPRE_PAYLOAD_LENGTH_HINT,
	LWSSS_SER_TXPRE_TLSNEG_ENCLAVE_SIGNED,
};

typedef enum {
	LPCSPROX_WAIT_INITIAL_TX = 1,
	LPCSPROX_REPORTING_FAIL,
	LPCSPROX_REPORTING_OK,
	LPCSPROX_OPERATIONAL,
	LPCSPROX_DESTROYED,
	LPCSCLI_SENDING_INITIAL_TX,
	LPCSCLI_WAITING_CREATE_RESULT,
	LPCSCLI_LOCAL_CONNECTED,
	LPCSCLI_ONWARD_CONNECT,
	LPCSCLI_OPERATIONAL,
} lws_ss_conn_states_t;

enum lws_ss_state_return {
	LWSSSSRET_TX_DONT_SEND = 1,
	LWSSSSRET_OK = 0,
	LWSSSSRET_DISCONNECT_ME = -1,
	LWSSSSRET_DESTROY_ME = -2,
};

enum {
	LWSSSINFLAGS_REGISTER_SINK = 1,
	LWSSSINFLAGS_PROXIED,
	LWSSSINFLAGS_SERVER = 4,
	LWSSSINFLAGS_ACCEPTED = 8,
};

typedef enum lws_ss_state_return lws_ss_state_return_t;

/** What a stream is created with. */
struct lws_ss_info {
	const char *streamtype;
	size_t user_alloc;
	size_t handle_offset;
	size_t opaque_user_data_offset;
	lws_ss_state_return_t (*rx)(void *, const uint8_t *, size_t, int);
	lws_ss_state_return_t (*tx)(void *, lws_ss_tx_ordinal_t, uint8_t *, size_t *, int *);
	lws_ss_state_return_t (*state)(void *, void *, lws_ss_constate_t, lws_ss_tx_ordinal_t);
	int manual_initial_tx_credit;
	uint8_t flags;
};

#endif
