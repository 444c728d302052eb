import HTTPTypes

extension Upstream {
    /// Fetches the file at `address` and reads it inside `body`, at `body`'s pace: nothing is stored.
    ///
    /// The address is somebody else's text, so it gets nothing of ours: no credentials, no cookies, no pooled
    /// connection. Each hop passes the egress policy, on ports 80 and 443 alone but for the policy's holes. An encoded
    /// response is refused: what a few kilobytes unpack to cannot be bounded beforehand.
    /// - Parameter tenant: whose call the file is for.
    /// - Throws: `FileFetchError`; what `body` throws.
    package func fetch<Outcome>(
        _ address: String, for tenant: Tenant? = nil, limits: FileFetchLimits, _ body: (FetchedFile) async throws -> Outcome
    ) async throws -> Outcome {
        var egress = self.egress
        egress.ports = egress.ports.map { $0.intersection(limits.ports) } ?? limits.ports
        var request = UpstreamRequest(
            url: address, headers: [.accept: "*/*", .acceptEncoding: "identity", .userAgent: "attache"],
            limits: UpstreamLimits(connect: limits.connect, idle: limits.idle, head: limits.head),
            maxRedirects: limits.maxRedirects
        )
        request.egress = egress
        request.tenant = tenant
        let result: Result<Outcome, any Error>
        do {
            result = try await withResponse(request) { response in
                let file = try FetchedFile(response, limits: limits)
                // Kept apart: `body` may throw an `UpstreamError` too, of its own calls.
                do { return .success(try await body(file)) } catch { return .failure(error) }
            }
        } catch let error as UpstreamError {
            throw FileFetchError(error)
        }
        return try result.get()
    }

    /// Whether a fetch of `address` would be let out now, without fetching anything: for addresses that are handed on.
    ///
    /// - Throws: `FileFetchError`.
    package func checkFetchable(
        _ address: String, for tenant: Tenant? = nil, limits: FileFetchLimits
    ) async throws(FileFetchError) {
        do {
            let url = try TargetURL(address)
            var egress = self.egress
            egress.ports = egress.ports.map { $0.intersection(limits.ports) } ?? limits.ports
            let found = try await names.addresses(of: url.host, for: tenant, within: limits.connect)
            _ = try egress.admitted(url, at: found)
        } catch {
            throw FileFetchError(error)
        }
    }
}

extension FetchedFile {
    fileprivate init(_ response: UpstreamResponse, limits: FileFetchLimits) throws(FileFetchError) {
        let status = response.status.code
        switch status {
        case 200: break
        case 300..<400: throw FileFetchError(.unusable, "the address redirects more than \(limits.maxRedirects) times")
        case 408, 425, 429, 500...: throw FileFetchError(.unreachable, "the address answered \(status)")
        default: throw FileFetchError(.unusable, "the address answered \(status)")
        }
        let encodings = response.headers[values: .contentEncoding].joined(separator: ",").lowercased()
        guard encodings.split(separator: ",").allSatisfy({ $0.filter { $0 != " " } == "identity" }) else {
            throw FileFetchError(.unusable, "the address sent the file encoded, which it was asked not to")
        }
        let length = response.headers[.contentLength].flatMap { Int64($0) }
        if let length, length > limits.maxBytes { throw .tooLarge(limit: limits.maxBytes) }
        self.init(
            length: length, headers: response.headers, url: response.url,
            bytes: FetchedBytes(body: response.body, limits: limits)
        )
    }
}
