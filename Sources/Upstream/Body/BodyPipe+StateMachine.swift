import NIOCore

extension BodyPipe {
    /// The rules of the pipe, without threads: `Waiter` is whatever the driver uses to wake somebody.
    ///
    /// States and their transitions:
    /// - `open` → `finished` (the writer ended), `failed` (the writer gave up), `abandoned` (the reader went away)
    /// - `finished` → `abandoned`
    /// - `failed` and `abandoned` are final; whatever was buffered is gone.
    ///
    /// A chunk is always taken whole, so at most `capacity` plus one chunk is held.
    struct StateMachine<Waiter> {
        private enum State {
            case open
            case finished
            case failed(any Error)
            case abandoned(any Error)
        }

        let capacity: Int
        private var state = State.open
        private var chunks = CircularBuffer<ByteBuffer>()
        private(set) var bytes = 0
        /// Set when the capacity is reached, cleared at half of it, so that both sides work in runs.
        private(set) var isFull = false
        private var writer: Waiter?
        private var reader: Waiter?

        init(capacity: Int) { self.capacity = capacity }

        enum Offer {
            case taken(wake: Waiter?, isFull: Bool)
            case refused(any Error)
        }

        mutating func offer(_ chunk: ByteBuffer) -> Offer {
            switch state {
            case .open: break
            case .finished: return .refused(BodyPipeClosed(reason: "the body has already ended"))
            case .failed(let error), .abandoned(let error): return .refused(error)
            }
            guard chunk.readableBytes > 0 else { return .taken(wake: nil, isFull: isFull) }
            chunks.append(chunk)
            bytes += chunk.readableBytes
            if bytes >= capacity { isFull = true }
            return .taken(wake: Self.take(&reader), isFull: isFull)
        }

        enum Poll {
            /// `hasRoom` once for each time the pipe was full.
            case chunk(ByteBuffer, wake: Waiter?, hasRoom: Bool)
            case empty
            case end
            case failed(any Error)
        }

        mutating func poll() -> Poll {
            switch state {
            case .failed(let error), .abandoned(let error):
                return .failed(error)
            case .open, .finished:
                guard let chunk = chunks.popFirst() else {
                    if case .finished = state { return .end }
                    return .empty
                }
                bytes -= chunk.readableBytes
                guard isFull, bytes <= capacity / 2 else { return .chunk(chunk, wake: nil, hasRoom: false) }
                isFull = false
                return .chunk(chunk, wake: Self.take(&writer), hasRoom: true)
            }
        }

        /// Whether a waiter was kept, or what it would have waited for is already there.
        enum Park {
            case parked
            case ready
            case failed(any Error)
        }

        mutating func parkWriter(_ waiter: Waiter) -> Park {
            switch state {
            case .failed(let error), .abandoned(let error): return .failed(error)
            case .finished: return .ready
            case .open:
                guard isFull else { return .ready }
                guard writer == nil else { return .failed(BodyPipeClosed(reason: "two writers at once")) }
                writer = waiter
                return .parked
            }
        }

        mutating func parkReader(_ waiter: Waiter) -> Park {
            switch state {
            case .failed(let error), .abandoned(let error): return .failed(error)
            case .finished: return .ready
            case .open:
                guard chunks.isEmpty else { return .ready }
                guard reader == nil else { return .failed(BodyPipeClosed(reason: "two readers at once")) }
                reader = waiter
                return .parked
            }
        }

        mutating func unparkWriter() -> Waiter? { Self.take(&writer) }

        mutating func unparkReader() -> Waiter? { Self.take(&reader) }

        mutating func finish() -> Waiter? {
            guard case .open = state else { return nil }
            state = .finished
            return Self.take(&reader)
        }

        mutating func fail(_ error: any Error) -> [Waiter] {
            guard case .open = state else { return [] }
            return close(.failed(error))
        }

        mutating func abandon(_ error: any Error) -> [Waiter] {
            switch state {
            case .open, .finished: return close(.abandoned(error))
            case .failed, .abandoned: return []
            }
        }

        private mutating func close(_ final: State) -> [Waiter] {
            state = final
            chunks.removeAll()
            bytes = 0
            isFull = false
            return [Self.take(&writer), Self.take(&reader)].compactMap(\.self)
        }

        private static func take(_ waiter: inout Waiter?) -> Waiter? {
            defer { waiter = nil }
            return waiter
        }
    }
}
