/* Written by capi/headergen from the Rust sources; do not edit. The functions of this library. */

#ifndef LWS_GEN_API_H
#define LWS_GEN_API_H

#ifdef __cplusplus
extern "C" {
#endif

#ifdef __cplusplus
}
#endif

#endif
