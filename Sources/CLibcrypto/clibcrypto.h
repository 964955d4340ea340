// The parts of OpenSSL's libcrypto that request signing and checksums need.
#ifndef HEADRACE_CLIBCRYPTO_H
#define HEADRACE_CLIBCRYPTO_H

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/md5.h>
#include <openssl/sha.h>

#endif
