import NIOCore

extension TimeAmount {
    /// Rounded down to nanoseconds; what does not fit is as long as can be said.
    init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        self = overflow ? .nanoseconds(.max / 2) : .nanoseconds(whole + attoseconds / 1_000_000_000)
    }
}

extension NIODeadline {
    func timeLeft(from now: NIODeadline = .now()) -> Duration {
        self > now ? .nanoseconds((self - now).nanoseconds) : .zero
    }
}
