import NIOCore
import Testing

@testable import Catalog
@testable import Unified

/// A provider's response is read where it lies.
@Suite struct ResponseBytesTests {
    private func address(_ buffer: ByteBuffer) -> UnsafeRawPointer? {
        buffer.withUnsafeReadableBytes { $0.baseAddress }
    }

    private func padded(_ text: String) -> ByteBuffer {
        var buffer = ByteBuffer(string: text)
        buffer.writeRepeatingByte(0, count: ResponseBytes.padding)
        buffer.moveWriterIndex(to: buffer.writerIndex - ResponseBytes.padding)
        return buffer
    }

    @Test(arguments: ["", "{}", #"{"data":[1,2,3]}"#])
    func `a body with zeros behind it is not copied`(text: String) {
        let buffer = padded(text)
        let bytes = ResponseBytes(buffer)
        #expect(bytes.array == Array(text.utf8))
        #expect(UnsafeRawPointer(bytes.start) == address(buffer))
    }

    @Test func `any other body is copied, and gets them`() {
        var buffer = ByteBuffer(string: "{}tail of something else, longer than the zeros")
        let body = buffer.readSlice(length: 2) ?? ByteBuffer()
        let bytes = ResponseBytes(body)
        #expect(bytes.array == Array("{}".utf8))
        #expect(UnsafeRawPointer(bytes.start) != address(body))
        #expect(UnsafeBufferPointer(start: bytes.start + 2, count: ResponseBytes.padding).allSatisfy { $0 == 0 })
    }

    @Test func `the bytes outlive the buffer`() {
        let bytes = { ResponseBytes(padded(String(repeating: "x", count: 100_000))) }()
        #expect(bytes.array == [UInt8](repeating: UInt8(ascii: "x"), count: 100_000))
    }
}
