#include "libcommon/io/decompress.hpp"

#include <algorithm>
#include <string>

#include <zlib.h>
#include <zstd.h>

#include "libcommon/io/errors.hpp"
#include "libcommon/io/file_name.hpp"

namespace gpt::io {
namespace {

constexpr std::size_t kBlockBytes = std::size_t{1} << 17;

// The compressed side of a decompressing source: a block at a time.
class CompressedBlocks {
 public:
  explicit CompressedBlocks(std::unique_ptr<ByteSource> source)
      : source_(std::move(source)), block_(kBlockBytes, '\0') {}

  // False at the end of the file.
  bool refill() {
    filled_ = source_->read_or_throw(block_);
    return filled_ > 0;
  }
  char* data() { return block_.data(); }
  std::size_t size() const { return filled_; }
  const std::string& name() const { return source_->name(); }

 private:
  std::unique_ptr<ByteSource> source_;
  std::string block_;
  std::size_t filled_ = 0;
};

class GzipSource : public ByteSource {
 public:
  explicit GzipSource(std::unique_ptr<ByteSource> source)
      : ByteSource(source->name()), input_(std::move(source)) {
    // 15 window bits, + 16: gzip wrapping only
    if (inflateInit2(&stream_, 15 + 16) != Z_OK) throw IoError(name(), "cannot set up gzip decompression", 0);
  }
  ~GzipSource() override { inflateEnd(&stream_); }
  GzipSource(const GzipSource&) = delete;
  GzipSource& operator=(const GzipSource&) = delete;

  std::size_t read_or_throw(std::span<char> buffer) override {
    stream_.next_out = reinterpret_cast<Bytef*>(buffer.data());
    stream_.avail_out = static_cast<uInt>(std::min(buffer.size(), std::size_t{1} << 30));
    const uInt room = stream_.avail_out;
    while (stream_.avail_out == room) {
      if (stream_.avail_in == 0 && !refill()) {
        if (between_members_) return 0;
        throw DataError(name(), "gzip data ends early: the file is truncated");
      }
      step();
    }
    return room - stream_.avail_out;
  }

 private:
  bool refill() {
    if (!input_.refill()) return false;
    stream_.next_in = reinterpret_cast<Bytef*>(input_.data());
    stream_.avail_in = static_cast<uInt>(input_.size());
    return true;
  }

  void step() {
    if (between_members_) {
      inflateReset(&stream_);
      between_members_ = false;
    }
    const int state = inflate(&stream_, Z_NO_FLUSH);
    if (state == Z_STREAM_END) {
      between_members_ = true;
    } else if (state != Z_OK && state != Z_BUF_ERROR) {
      throw DataError(name(),
                      std::string("gzip data is damaged: ") + (stream_.msg ? stream_.msg : "unknown reason"));
    }
  }

  CompressedBlocks input_;
  z_stream stream_ = {};
  bool between_members_ = true;
};

class ZstdSource : public ByteSource {
 public:
  explicit ZstdSource(std::unique_ptr<ByteSource> source)
      : ByteSource(source->name()),
        input_(std::move(source)),
        stream_(ZSTD_createDStream(), ZSTD_freeDStream) {
    if (!stream_) throw IoError(name(), "cannot set up zstd decompression", 0);
    // files made with zstd --ultra --long=31 are read too
    ZSTD_DCtx_setParameter(stream_.get(), ZSTD_d_windowLogMax, 31);
  }

  std::size_t read_or_throw(std::span<char> buffer) override {
    ZSTD_outBuffer out{buffer.data(), buffer.size(), 0};
    while (out.pos == 0) {
      if (block_.pos == block_.size && (frame_ended_ || !drained_) && !refill()) {
        if (frame_ended_) return 0;
        throw DataError(name(), "zstd data ends early: the file is truncated");
      }
      const std::size_t state = ZSTD_decompressStream(stream_.get(), &out, &block_);
      if (ZSTD_isError(state)) {
        throw DataError(name(), std::string("zstd data is damaged: ") + ZSTD_getErrorName(state));
      }
      frame_ended_ = state == 0;
      drained_ = out.pos == out.size;  // more may wait inside although the block is used up
    }
    return out.pos;
  }

 private:
  bool refill() {
    if (!input_.refill()) return false;
    block_ = {input_.data(), input_.size(), 0};
    return true;
  }

  CompressedBlocks input_;
  std::unique_ptr<ZSTD_DStream, decltype(&ZSTD_freeDStream)> stream_;
  ZSTD_inBuffer block_ = {nullptr, 0, 0};
  bool frame_ended_ = true;
  bool drained_ = false;
};

}  // namespace

Compression recognise_compression(std::string_view head) {
  if (head.starts_with("\x1f\x8b")) return Compression::gzip;
  if (head.starts_with("\x28\xb5\x2f\xfd")) return Compression::zstd;
  // a zstd skippable frame: 0x184D2A50 to 0x184D2A5F, little-endian
  if (head.size() >= 4 && (static_cast<unsigned char>(head[0]) & 0xf0U) == 0x50 &&
      head.substr(1, 3) == "\x2a\x4d\x18") {
    return Compression::zstd;
  }
  return Compression::none;
}

Compression compression_of_name(std::string_view path) {
  if (name_ends_with(path, ".gz")) return Compression::gzip;
  if (name_ends_with(path, ".zst")) return Compression::zstd;
  return Compression::none;
}

std::unique_ptr<ByteSource> decompressed(Compression compression, std::unique_ptr<ByteSource> source) {
  switch (compression) {
    case Compression::gzip:
      return std::make_unique<GzipSource>(std::move(source));
    case Compression::zstd:
      return std::make_unique<ZstdSource>(std::move(source));
    case Compression::none:
      break;
  }
  return source;
}

}  // namespace gpt::io
