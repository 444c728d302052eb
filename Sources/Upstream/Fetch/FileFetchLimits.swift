/// How much of a file is fetched, and how long that may take.
package struct FileFetchLimits: Sendable, Hashable {
    package var maxBytes: Int64
    /// For one connection to come about, TLS included.
    package var connect: Duration = .seconds(10)
    /// From the request to the response's head, for each hop.
    package var head: Duration = .seconds(20)
    /// How long nothing may come.
    package var idle: Duration = .seconds(20)
    /// Waiting that is free, before the pace counts.
    package var patience: Duration = .seconds(30)
    /// The pace below which a source is given up. Only time spent waiting for the source counts.
    package var bytesPerSecond: Int64 = 16 << 10
    package var maxRedirects = 3
    /// Ports that may be asked, outside the holes of the policy.
    package var ports: Set<Int> = [80, 443]

    package init(maxBytes: Int64) { self.maxBytes = maxBytes }

    /// The longest wait in all that so many bytes excuse.
    func allowance(for bytes: Int64) -> Duration {
        patience + .milliseconds(bytes.multipliedReportingOverflow(by: 1000).partialValue / max(bytesPerSecond, 1))
    }
}
