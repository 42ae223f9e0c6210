/* SPI. Not implemented by this library. */

#include "../libwebsockets.h"

#ifndef LWS_H_SPI_H
#define LWS_H_SPI_H

struct lws_spi_ops;

typedef struct lws_spi_desc lws_spi_desc_t;
typedef struct lws_spi_ops lws_spi_ops_t;

enum {
	LWSSPIMODE_CPOL = 1,
	LWSSPIMODE_CPHA,
	LWS_SPI_BUSMODE_CLK_IDLE_LOW_SAMP_RISING = 0,
	LWS_SPI_BUSMODE_CLK_IDLE_HIGH_SAMP_RISING,
	LWS_SPI_BUSMODE_CLK_IDLE_LOW_SAMP_FALLING,
	LWS_SPI_BUSMODE_CLK_IDLE_HIGH_SAMP_FALLING,
	LWS_SPI_TXN_HALF_DUPLEX_DISCRETE = 0,
};

typedef int (*lws_spi_cb_t)(void *);

/** One SPI transaction. */
struct lws_spi_desc {
	const uint8_t *src;
	const uint8_t *data;
	uint8_t *dest;
	void *opaque;
	lws_spi_cb_t completion_cb;
	uint16_t count_cmd;
	uint16_t count_write;
	uint16_t count_read;
	uint8_t txn_type;
	uint8_t channel;
};

/** An SPI driver. */
struct lws_spi_ops {
	int (*init)(const struct lws_spi_ops *);
	int (*queue)(const struct lws_spi_ops *, const lws_spi_desc_t *);
	uint8_t bus_mode;
};

#endif
