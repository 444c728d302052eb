import NIOCore

extension NIODeadline {
    func timeLeft(from now: NIODeadline = .now()) -> Duration {
        self > now ? .nanoseconds((self - now).nanoseconds) : .zero
    }
}
