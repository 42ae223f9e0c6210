/* Ring buffers: consuming, and letting go of what everybody has consumed. */

#include "../libwebsockets.h"

#ifndef LWS_H_RING_H
#define LWS_H_RING_H

/** Consumes ___count elements for the one reader whose tail ___ptail points to. */
#define lws_ring_consume_single_tail(___ring, ___ptail, ___count) \
	{ \
		lws_ring_consume(___ring, ___ptail, NULL, ___count); \
		lws_ring_update_oldest_tail(___ring, *(___ptail)); \
	}

/** Consumes ___count elements for one of several readers, objects of ___type in the list ___list_head (linked by their
 * member ___mlist) that have their tail in the member ___mtail; ___ptail points to the tail of the one that consumes. If
 * that one was the slowest, the ring's oldest tail moves to the slowest of all. */
#define lws_ring_consume_and_update_oldest_tail(___ring, ___type, ___ptail, ___count, ___list_head, ___mtail, ___mlist) \
	{ \
		int ___was_oldest = lws_ring_get_oldest_tail(___ring) == *(___ptail); \
		\
		lws_ring_consume(___ring, ___ptail, NULL, (size_t)(___count)); \
		if (___was_oldest) { \
			uint32_t ___oldest = *(___ptail); \
			size_t ___most = 0; \
			___type *___reader = ___list_head; \
			\
			while (___reader) { \
				size_t ___waiting = lws_ring_get_count_waiting_elements(___ring, &___reader->___mtail); \
				\
				if (___waiting >= ___most) { \
					___most = ___waiting; \
					___oldest = ___reader->___mtail; \
				} \
				___reader = ___reader->___mlist; \
			} \
			lws_ring_update_oldest_tail(___ring, ___oldest); \
		} \
	}

#endif
