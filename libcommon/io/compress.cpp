#include "libcommon/io/compress.hpp"

#include <zlib.h>
#include <zstd.h>

#include "libcommon/io/errors.hpp"

namespace gpt::io {
namespace {

constexpr std::size_t kBlockBytes = std::size_t{1} << 17;

class GzipCompressor : public Compressor {
 public:
  explicit GzipCompressor(const std::string& path) : block_(kBlockBytes, '\0') {
    // header without a time stamp: same input, same bytes
    if (deflateInit2(&stream_, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
      throw IoError(path, "cannot set up gzip compression", 0);
    }
  }
  ~GzipCompressor() override { deflateEnd(&stream_); }
  GzipCompressor(const GzipCompressor&) = delete;
  GzipCompressor& operator=(const GzipCompressor&) = delete;

  void append(std::string_view bytes, std::string& out) override {
    while (!bytes.empty()) {
      const auto part = bytes.substr(0, std::size_t{1} << 30);
      run(part, Z_NO_FLUSH, out);
      bytes.remove_prefix(part.size());
    }
  }
  void finish(std::string& out) override { run({}, Z_FINISH, out); }

 private:
  void run(std::string_view bytes, int flush, std::string& out) {
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    do {
      stream_.next_out = reinterpret_cast<Bytef*>(block_.data());
      stream_.avail_out = static_cast<uInt>(block_.size());
      deflate(&stream_, flush);
      out.append(block_, 0, block_.size() - stream_.avail_out);
    } while (stream_.avail_out == 0);
  }

  z_stream stream_ = {};
  std::string block_;
};

class ZstdCompressor : public Compressor {
 public:
  explicit ZstdCompressor(const std::string& path)
      : path_(path), stream_(ZSTD_createCStream(), ZSTD_freeCStream), block_(ZSTD_CStreamOutSize(), '\0') {
    if (!stream_) throw IoError(path, "cannot set up zstd compression", 0);
    ZSTD_CCtx_setParameter(stream_.get(), ZSTD_c_checksumFlag, 1);
  }

  void append(std::string_view bytes, std::string& out) override { run(bytes, ZSTD_e_continue, out); }
  void finish(std::string& out) override { run({}, ZSTD_e_end, out); }

 private:
  void run(std::string_view bytes, ZSTD_EndDirective directive, std::string& out) {
    ZSTD_inBuffer input{bytes.data(), bytes.size(), 0};
    while (true) {
      ZSTD_outBuffer output{block_.data(), block_.size(), 0};
      const std::size_t left = ZSTD_compressStream2(stream_.get(), &output, &input, directive);
      if (ZSTD_isError(left)) throw IoError(path_, ZSTD_getErrorName(left), 0);
      out.append(block_, 0, output.pos);
      const bool all_in = input.pos == input.size;
      if (all_in && (directive == ZSTD_e_continue || left == 0)) return;
    }
  }

  std::string path_;
  std::unique_ptr<ZSTD_CStream, decltype(&ZSTD_freeCStream)> stream_;
  std::string block_;
};

}  // namespace

std::unique_ptr<Compressor> make_compressor(Compression compression, const std::string& path) {
  switch (compression) {
    case Compression::gzip:
      return std::make_unique<GzipCompressor>(path);
    case Compression::zstd:
      return std::make_unique<ZstdCompressor>(path);
    case Compression::none:
      break;
  }
  return nullptr;
}

}  // namespace gpt::io
