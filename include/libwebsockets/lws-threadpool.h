/* Worker threads. Not implemented by this library. */

#include "../libwebsockets.h"

#ifndef LWS_H_THREADPOOL_H
#define LWS_H_THREADPOOL_H

struct lws_threadpool;
struct lws_threadpool_task;
struct lws_threadpool_create_args;
struct lws_threadpool_task_args;

enum lws_threadpool_task_status {
	LWS_TP_STATUS_QUEUED,
	LWS_TP_STATUS_RUNNING,
	LWS_TP_STATUS_SYNCING,
	LWS_TP_STATUS_STOPPING,
	LWS_TP_STATUS_FINISHED,
	LWS_TP_STATUS_STOPPED,
};

enum lws_threadpool_task_return {
	LWS_TP_RETURN_CHECKING_IN,
	LWS_TP_RETURN_SYNC,
	LWS_TP_RETURN_FINISHED,
	LWS_TP_RETURN_STOPPED,
	LWS_TP_RETURN_FLAG_OUTLIVE = 64,
};

/** Size of a pool. */
struct lws_threadpool_create_args {
	int threads;
	int max_queue_depth;
};

/** A task. */
struct lws_threadpool_task_args {
	struct lws *wsi;
	void *user;
	const char *name;
	char async_task;
	enum lws_threadpool_task_return (*task)(void *, enum lws_threadpool_task_status);
	void (*cleanup)(struct lws *, void *);
};

/** Starts a pool, named by a printf format. */
LWS_VISIBLE LWS_EXTERN struct lws_threadpool *lws_threadpool_create(struct lws_context *context,
		const struct lws_threadpool_create_args *args, const char *format, ...) LWS_FORMAT(3);
/** Queues a task, named by a printf format. */
LWS_VISIBLE LWS_EXTERN struct lws_threadpool_task *lws_threadpool_enqueue(struct lws_threadpool *tp,
		const struct lws_threadpool_task_args *args, const char *format, ...) LWS_FORMAT(3);

#endif
