import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// An open file, or standard input, to be read once from its beginning.
///
/// Only `FileChunks` reads it, one read after the other.
final class FileSource: Sendable {
    let descriptor: Int32
    let name: String
    let contentType: String
    /// Bytes; nil for what is no regular file, such as a pipe.
    let size: Int?

    /// Opens a file; `-` is standard input.
    init(path: String, name: String?, contentType: String?) throws(CommandError) {
        let isInput = path == "-"
        if isInput, Console.inputIsTerminal {
            throw CommandError("'-' reads standard input, which is a terminal", do: "Pipe a file into it")
        }
        descriptor = isInput ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw CommandError("Cannot open \(path): \(String(cString: strerror(errno)))", do: "Give the path of a file")
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT != S_IFDIR else {
            throw CommandError("\(path) is a folder", do: "Give the path of a file")
        }
        size = status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) - Self.position(descriptor) : nil
        let ownName = isInput ? "upload" : path.split(separator: "/").last.map(String.init) ?? path
        self.name = name ?? ownName
        self.contentType = contentType ?? MediaTypes.type(ofFile: self.name)
    }

    deinit { if descriptor != STDIN_FILENO { close(descriptor) } }

    /// Reads `count` bytes, fewer only at the end; blocks.
    func read(upTo count: Int) throws -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.reserveCapacity(count)
        // A pipe gives a few bytes at a time: chunks that are mostly empty would cost more memory than they carry.
        while buffer.readableBytes < count {
            let wanted = count - buffer.readableBytes
            let got = try buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: wanted) { bytes in
                let got = systemRead(descriptor, bytes.baseAddress, wanted)
                guard got >= 0 else { throw CommandError("Cannot read \(name): \(String(cString: strerror(errno)))") }
                return got
            }
            if got == 0 { break }
        }
        return buffer
    }

    /// Where a redirected standard input begins: part of it may be read already.
    private static func position(_ descriptor: Int32) -> Int { max(0, Int(lseek(descriptor, 0, SEEK_CUR))) }
}

private func systemRead(_ descriptor: Int32, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    while true {
        let got = read(descriptor, bytes, count)
        if got >= 0 || errno != EINTR { return got }
    }
}
