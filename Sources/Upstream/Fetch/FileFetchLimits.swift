/// How much of a file is fetched, and how long that may take.
public struct FileFetchLimits: Sendable, Hashable {
    public var maxBytes: Int64
    /// For one connection to come about, TLS included.
    public var connect: Duration = .seconds(10)
    /// From the request to the response's head, for each hop.
    public var head: Duration = .seconds(20)
    /// How long nothing may come.
    public var idle: Duration = .seconds(20)
    /// Waiting that is free, before the pace counts.
    public var patience: Duration = .seconds(30)
    /// The pace below which a source is given up. Only time spent waiting for the source counts.
    public var bytesPerSecond: Int64 = 16 << 10
    public var maxRedirects = 3
    /// Ports that may be asked, outside the holes of the policy.
    public var ports: Set<Int> = [80, 443]

    public init(maxBytes: Int64) { self.maxBytes = maxBytes }

    /// The longest wait in all that so many bytes excuse.
    func allowance(for bytes: Int64) -> Duration {
        patience + .milliseconds(bytes.multipliedReportingOverflow(by: 1000).partialValue / max(bytesPerSecond, 1))
    }
}
