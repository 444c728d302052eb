package import Catalog
import HTTPTypes
package import NIOCore
import Upstream

extension ProviderResponse {
    /// What the HTTP client received, as mappings read it.
    init(_ response: CollectedResponse, of method: IntegrationMethod) {
        self.init(status: response.status.code, headers: response.headers, body: ResponseBytes(response.body), of: method)
    }
}

extension ResponseBytes {
    /// The readable bytes: where they lie if zeros follow them, as they do in `UpstreamResponse.collected`, else a copy.
    ///
    /// A buffer's storage does not move while it is held, and that of a whole response is never written to again.
    package init(_ buffer: ByteBuffer) {
        let count = buffer.readableBytes
        let isPadded = buffer.withVeryUnsafeBytes { all in
            let end = buffer.writerIndex
            return end + Self.padding <= all.count && all[end..<end + Self.padding].allSatisfy { $0 == 0 }
        }
        var padded = buffer
        if !isPadded { padded.writeRepeatingByte(0, count: Self.padding) }
        self = padded.withUnsafeReadableBytesWithStorageManagement { bytes, storage in
            ResponseBytes(
                start: bytes.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt8.self), count: count,
                owner: storage.takeUnretainedValue())
        }
    }
}
