package import Catalog
package import NIOCore

extension ResponseBytes {
    /// The readable bytes, where they lie.
    package init(_ buffer: ByteBuffer) {
        var padded = buffer
        // Writes behind what is readable: in place where the buffer has room and nobody else has it.
        padded.writeRepeatingByte(0, count: Self.padding)
        let count = buffer.readableBytes
        self = padded.withUnsafeReadableBytesWithStorageManagement { bytes, storage in
            // A buffer's storage is never moved while it is held, and this one is never written to again.
            let start = bytes.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt8.self)
            return ResponseBytes(start: start, count: count, owner: storage.takeUnretainedValue())
        }
    }
}
