/* A display controller. Not implemented by this library. */

#include "../libwebsockets.h"

#ifndef LWS_H_SSD1306_I2C_H
#define LWS_H_SSD1306_I2C_H

#define SSD1306_I2C7_ADS1 0x3c
#define SSD1306_I2C7_ADS2 0x3d

typedef struct lws_display_ssd1306 lws_display_ssd1306_t;

/** Where the controller is connected. */
struct lws_display_ssd1306 {
	lws_display_t disp;
	const lws_i2c_ops_t *i2c;
	const lws_gpio_ops_t *gpio;
	_lws_plat_gpio_t reset_gpio;
	uint8_t i2c7_address;
};

#define lws_display_ssd1306_ops \
	.init = lws_display_ssd1306_i2c_init, .contrast = lws_display_ssd1306_i2c_contrast, \
	.blit = lws_display_ssd1306_i2c_blit, .power = lws_display_ssd1306_i2c_power

#endif
