import TestSupport

extension RawClient {
    convenience init(_ gateway: TestGateway) async throws {
        try await self.init(port: Int(gateway.baseURL.split(separator: ":").last ?? "") ?? 0)
    }
}
