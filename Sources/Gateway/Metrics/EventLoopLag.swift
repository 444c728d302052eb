import NIOCore
import NIOPosix
import Telemetry

/// Asks each event loop once a second to do next to nothing, and notes how late it did: what every call waits for too.
struct EventLoopLag: Sendable {
    let meters: Meters

    /// Until it is cancelled.
    func run() async {
        while (try? await Task.sleep(for: .seconds(1))) != nil {
            for loop in MultiThreadedEventLoopGroup.singleton.makeIterator() {
                let asked = NIODeadline.now()
                loop.execute { meters.time(.loopLag, [], .nanoseconds((NIODeadline.now() - asked).nanoseconds)) }
            }
        }
    }
}
