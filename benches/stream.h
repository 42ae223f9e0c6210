/*
 * What the two ends of the client benchmark (client.c, peer.c) agree on: a control connection of websocket texts, and what
 * messages contain while they are checked.
 *
 * The peer asks, the client answers each with "done MESSAGES BYTES":
 *   open N       N connections that will carry messages; answered when all are there
 *   expect N     so many more messages will come; answered when they are here
 *   go N         send, or ask, or connect N times; 0: until "stop", which has no answer of its own
 *   verify ON    contents are looked at, or made, from here on; such messages have numbers of their own
 */
#ifndef BENCH_STREAM_H
#define BENCH_STREAM_H

#include <stddef.h>
#include <stdint.h>

#define CONTROL_MAX 64

/* The byte at `place` of message number `seq`. */
static inline uint8_t stream_byte(uint32_t seq, size_t place)
{
	return (uint8_t)(((uint32_t)place * 0x9E3779B1u + seq * 0x85EBCA6Bu) >> 24);
}

#endif
