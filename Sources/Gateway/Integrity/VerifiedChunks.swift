import Crypto
import NIOCore
import Unified

/// A request's body whose last chunk is handed on only once the digests of all of it hold.
///
/// So whoever streams it on has never sent the last byte of a body that was damaged on its way here.
struct VerifiedChunks: AsyncSequence, Sendable {
    let base: InboundChunks
    let digests: DigestFields

    struct AsyncIterator: AsyncIteratorProtocol {
        var base: InboundChunks.AsyncIterator
        let digests: DigestFields
        private var sha256: SHA256?
        private var sha512: SHA512?
        private var held: ByteBuffer?
        private var hasEnded = false

        init(base: InboundChunks.AsyncIterator, digests: DigestFields) {
            self.base = base
            self.digests = digests
            sha256 = digests.expects(.sha256) ? SHA256() : nil
            sha512 = digests.expects(.sha512) ? SHA512() : nil
        }

        mutating func next() async throws -> ByteBuffer? {
            while !hasEnded {
                guard let chunk = try await base.next() else {
                    hasEnded = true
                    try verify()
                    break
                }
                chunk.withUnsafeReadableBytes { bytes in
                    sha256?.update(bufferPointer: bytes)
                    sha512?.update(bufferPointer: bytes)
                }
                defer { held = chunk }
                if let held { return held }
            }
            defer { held = nil }
            return held
        }

        private func verify() throws(APIError) {
            for expected in digests.expected {
                let found = expected.algorithm == .sha256 ? sha256?.digestBytes : sha512?.digestBytes
                guard found != expected.digest else { continue }
                throw APIError(
                    .digestMismatch, "The body is not the one that \(expected.field) was made of", param: expected.field,
                    hint: "Send the body again; the provider has not got it")
            }
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(base: base.makeAsyncIterator(), digests: digests) }
}

extension HashFunction {
    fileprivate var digestBytes: [UInt8] { Array(finalize()) }
}
