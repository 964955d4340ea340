// Copies the header and the first rows of the input "csv" to the output "head.csv", and counts all rows.
#include "handler_abi.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <exception>
#include <limits>
#include <string>
#include <string_view>

namespace {

jh_str lend(std::string_view text) { return {text.data(), text.size()}; }

/// How a run ends without a result; thrown inside this file only.
struct Failure {
    std::int32_t status;
    std::string code;
    std::string message;
    std::string hint;
};

/// What a failure code of the host means for the job.
Failure host_failure(std::int64_t code, const std::string &what) {
    switch (code) {
    case JH_E_LIMIT: return {JH_RESOURCE, "outputBytes", what, ""};
    case JH_E_IO: return {JH_RETRYABLE, "input-output", what, ""};
    default: return {JH_PERMANENT, "handler-defect", what, ""};
    }
}

/// A stream that is closed with its owner.
class Stream {
public:
    Stream(const jh_host &host, jh_stream *stream) : host_(host), stream_(stream) {}
    Stream(const Stream &) = delete;
    Stream &operator=(const Stream &) = delete;
    ~Stream() {
        if (stream_ != nullptr) host_.close(stream_);
    }

    std::int64_t size() const {
        const auto size = host_.input_size(stream_);
        if (size < 0) throw host_failure(size, "the size of csv is not known");
        return size;
    }

    /// Gives how many bytes were read; 0 is the end.
    std::size_t read(char *buffer, std::size_t capacity) {
        const auto length = host_.read(stream_, buffer, capacity);
        if (length < 0) throw host_failure(length, "csv cannot be read");
        return static_cast<std::size_t>(length);
    }

    /// The host takes as much as it likes; the rest is offered again.
    void write(std::string_view bytes) {
        while (!bytes.empty()) {
            const auto taken = host_.write(stream_, bytes.data(), bytes.size());
            if (taken <= 0) throw host_failure(taken, "head.csv cannot be written");
            bytes.remove_prefix(static_cast<std::size_t>(taken));
        }
    }

    void close() {
        const auto code = host_.close(stream_);
        stream_ = nullptr;
        if (code != JH_OK) throw host_failure(code, "head.csv cannot be closed");
    }

private:
    const jh_host &host_;
    jh_stream *stream_;
};

/// Counts lines that come in blocks; the last one needs no line end.
class LineCount {
public:
    explicit LineCount(std::int64_t limit) : limit_(limit) {}

    std::int64_t rows() const { return std::max<std::int64_t>(ends_ + (in_line_ ? 1 : 0) - 1, 0); }
    std::int64_t kept() const { return std::min(rows(), limit_); }

    /// Takes the next block; gives its part that belongs to the header and the rows to keep.
    std::string_view add(std::string_view block) {
        std::size_t kept = ends_ <= limit_ ? block.size() : 0;
        for (std::size_t place = 0; place < block.size(); ++place) {
            if (block[place] != '\n') continue;
            if (ends_ == limit_) kept = place + 1;
            ++ends_;
        }
        if (!block.empty()) in_line_ = block.back() != '\n';
        return block.substr(0, kept);
    }

private:
    std::int64_t limit_;
    std::int64_t ends_ = 0;
    bool in_line_ = false;
};

class TemplateHandler {
public:
    explicit TemplateHandler(const jh_host &host) : host_(host) {}

    std::int32_t run(jh_job *job) const {
        LineCount lines(limit(job));
        jh_stream *input_stream = nullptr;
        auto code = host_.open_input(job, lend("csv"), &input_stream);
        if (code == JH_E_NOT_FOUND) {
            throw Failure{JH_INVALID_INPUT, "input-missing", "the job has no input named csv", ""};
        }
        if (code != JH_OK) throw host_failure(code, "csv cannot be opened");
        Stream input(host_, input_stream);
        if (input.size() == 0) {
            throw Failure{JH_INVALID_INPUT, "file-empty", "expected a header line, found an empty file",
                          "Send a CSV file with a header line."};
        }
        jh_stream *output_stream = nullptr;
        code = host_.open_output(job, lend("head.csv"), lend(""), &output_stream);
        if (code != JH_OK) throw host_failure(code, "head.csv cannot be opened");
        Stream output(host_, output_stream);
        copy(job, input, output, lines);
        output.close();
        const auto result =
            "{\"rows\":" + std::to_string(lines.rows()) + ",\"kept\":" + std::to_string(lines.kept()) + "}";
        code = host_.set_result_json(job, lend(result));
        if (code != JH_OK) throw host_failure(code, "the result cannot be set");
        return JH_OK;
    }

    std::int32_t fail(jh_job *job, const Failure &failure) const {
        jh_error error{};
        error.size = sizeof error;
        error.code = lend(failure.code);
        error.message = lend(failure.message);
        error.hint = lend(failure.hint);
        error.retry_after_ms = -1;
        host_.set_error(job, &error);
        return failure.status;
    }

private:
    void copy(jh_job *job, Stream &input, Stream &output, LineCount &lines) const {
        std::array<char, 65536> block;
        const auto size = static_cast<double>(input.size());
        double done = 0;
        for (;;) {
            if (host_.cancelled(job) != 0) {
                throw Failure{JH_CANCELLED, "cancelled", "stopped because it was told to", ""};
            }
            const auto length = input.read(block.data(), block.size());
            if (length == 0) return;
            output.write(lines.add({block.data(), length}));
            done += static_cast<double>(length);
            host_.progress(job, done / size, lend("counting rows"));
        }
    }

    /// Reads {"limit": n}. The runner has checked the text against payload.schema.json: it has no other form.
    std::int64_t limit(jh_job *job) const {
        std::string text(256, '\0');
        const auto length = host_.payload_json(job, text.data(), text.size());
        if (length < 0) throw host_failure(length, "the parameters cannot be read");
        text.resize(std::min(text.size(), static_cast<std::size_t>(length)));
        const auto name = text.find("\"limit\"");
        if (name == std::string::npos) return std::numeric_limits<std::int64_t>::max();
        const auto digits = text.find_first_of("0123456789-", name);
        std::int64_t limit = 0;
        if (digits != std::string::npos) std::from_chars(text.data() + digits, text.data() + text.size(), limit);
        if (limit < 1) {
            throw Failure{JH_INVALID_INPUT, "payload-invalid", "limit is not a number from 1",
                          "Send limit as a whole number, 1 or more."};
        }
        return limit;
    }

    const jh_host &host_;
};

std::int32_t handler_create(const jh_host *host, jh_str, void **self) {
    try {
        *self = new TemplateHandler(*host);
        return JH_OK;
    } catch (const std::exception &) {
        return JH_RESOURCE;
    }
}

// No exception may leave a function that the host calls.
std::int32_t handler_run(void *self, jh_job *job) {
    const auto &handler = *static_cast<TemplateHandler *>(self);
    try {
        return handler.run(job);
    } catch (const Failure &failure) {
        return handler.fail(job, failure);
    } catch (const std::exception &error) {
        return handler.fail(job, {JH_PERMANENT, "exception", error.what(), ""});
    } catch (...) {
        return JH_PERMANENT;
    }
}

void handler_destroy(void *self) { delete static_cast<TemplateHandler *>(self); }

} // namespace

extern "C" const jh_handler *jobhandler_v1(const jh_host *) {
    static const jh_handler handler = [] {
        jh_handler table{};
        table.size = sizeof table;
        table.abi_major = JH_ABI_MAJOR;
        table.name = lend("template-handler");
        table.version = lend("0.1.0");
        table.sdk = lend("c++");
        table.create = handler_create;
        table.run = handler_run;
        table.destroy = handler_destroy;
        return table;
    }();
    return &handler;
}
