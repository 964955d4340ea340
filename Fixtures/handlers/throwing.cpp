// A handler that lets an exception out of `run`, which the contract forbids.
#include "handler_abi.h"

#include <stdexcept>

namespace {

int32_t create(const jh_host *, jh_str, void **self) {
    *self = nullptr;
    return JH_OK;
}

int32_t run(void *, jh_job *) { throw std::runtime_error("nobody catches this"); }

}  // namespace

extern "C" JH_EXPORT const jh_handler *jobhandler_v1(const jh_host *) {
    static jh_handler table = {};
    table.size = sizeof table;
    table.abi_major = JH_ABI_MAJOR;
    table.name = {"lines", 5};
    table.version = {"1.0.0", 5};
    table.create = create;
    table.run = run;
    return &table;
}
