import NIOCore
import Testing

@testable import Gateway

/// The client's acknowledgement of the settings is moved forward, and nothing else of what it sends.
@Suite struct EarlyAcknowledgementTests {
    private static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
    private static let settings: [UInt8] = [0, 0, 6, 4, 0, 0, 0, 0, 0] + [0, 3, 0, 0, 0, 100]
    private static let empty: [UInt8] = [0, 0, 0, 4, 0, 0, 0, 0, 0]
    private static let ping: [UInt8] = [0, 0, 8, 6, 0, 0, 0, 0, 0] + Array(1...8)
    private static let pingBack: [UInt8] = [0, 0, 8, 6, 1, 0, 0, 0, 0] + Array(1...8)
    /// A frame of 300 bytes, which is longer than one byte of its length tells.
    private static let data: [UInt8] = [0, 1, 44, 0, 0, 0, 0, 0, 1] + EarlyAcknowledgement.frame + Array(repeating: 7, count: 291)
    private static let ack = EarlyAcknowledgement.frame

    /// What the client sends, and what is handed on.
    static let rows: [([UInt8], [UInt8])] = [
        (preface + settings + ack + data, preface + settings + ack + data),
        (preface + settings + data + ack + data, preface + settings + ack + data + data),
        (preface + settings + ping + pingBack + ack, preface + settings + ack + ping + pingBack),
        (preface + empty + data + ack, preface + empty + ack + data),
        // A second one is an error, for the handler behind to see.
        (preface + settings + ack + data + ack, preface + settings + ack + data + ack),
        // One in place of the client's own settings too.
        (preface + ack + data, preface + ack + ack + data),
        // What is no HTTP/2 passes as it is.
        (Array("GET / HTTP/1.1\r\nhost: \r\n".utf8), Array("GET / HTTP/1.1\r\nhost: \r\n".utf8)),
    ]

    @Test(arguments: rows, [1, 2, 7, 9, 1000]) func `however the bytes come`(row: ([UInt8], [UInt8]), step: Int) {
        var acknowledgement = EarlyAcknowledgement()
        var passed = ByteBuffer()
        for start in stride(from: 0, to: row.0.count, by: step) {
            let part = acknowledgement.pass(ByteBuffer(bytes: row.0[start..<min(start + step, row.0.count)]))
            passed.writeImmutableBuffer(part)
        }
        #expect(Array(passed.readableBytesView) == row.1)
    }
}
