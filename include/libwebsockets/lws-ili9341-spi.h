/* A display controller. Not implemented by this library. */

#include "../libwebsockets.h"

#ifndef LWS_H_ILI9341_SPI_H
#define LWS_H_ILI9341_SPI_H

typedef struct lws_display_ili9341 lws_display_ili9341_t;

/** Where the controller is connected. */
struct lws_display_ili9341 {
	lws_display_t disp;
	const lws_spi_ops_t *spi;
	const lws_gpio_ops_t *gpio;
	_lws_plat_gpio_t reset_gpio;
	uint8_t spi_index;
};

#define lws_display_ili9341_ops \
	.init = lws_display_ili9341_spi_init, .blit = lws_display_ili9341_spi_blit, .power = lws_display_ili9341_spi_power

#endif
