/* Sequencers. Not implemented by this library. */

#include "../libwebsockets.h"

#ifndef LWS_H_SEQUENCER_H
#define LWS_H_SEQUENCER_H

struct lws_sequencer;

#define LWSSEQTO_NONE 0

typedef struct lws_seq_info lws_seq_info_t;

typedef enum {
	LWSSEQ_CREATED,
	LWSSEQ_DESTROYED,
	LWSSEQ_TIMED_OUT,
	LWSSEQ_HEARTBEAT,
	LWSSEQ_WSI_CONNECTED,
	LWSSEQ_WSI_CONN_FAIL,
	LWSSEQ_WSI_CONN_CLOSE,
	LWSSEQ_SS_STATE_BASE,
	LWSSEQ_USER_BASE = 100,
} lws_seq_events_t;

enum lws_seq_cb_return {
	LWSSEQ_RET_CONTINUE,
	LWSSEQ_RET_DESTROY,
};

typedef enum lws_seq_cb_return lws_seq_cb_return_t;
typedef lws_seq_cb_return_t (*lws_seq_event_cb)(struct lws_sequencer *, void *, int, void *, void *);

/** What a sequencer is created with. */
struct lws_seq_info {
	struct lws_context *context;
	int tsi;
	size_t user_size;
	void **puser;
	lws_seq_event_cb cb;
	const char *name;
	const lws_retry_bo_t *retry;
	uint8_t wakesuspend:1;
};

#endif
