import AsyncHTTPClient

extension HTTPClient {
    /// Calls a gateway for a command. One that cannot be reached is reported at once; the client's own way is to go on
    /// trying, for ten seconds.
    static let toGateway: HTTPClient = {
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()
}
