package import AWSWire
package import PureJSON

/// A request of one of the operations that ``QueueService`` offers and answers at once.
package enum QueueRequest: Sendable, Hashable {
    case addPermission(AddPermissionRequest)
    case cancelMessageMoveTask(CancelMessageMoveTaskRequest)
    case changeMessageVisibility(ChangeMessageVisibilityRequest)
    case changeMessageVisibilityBatch(ChangeMessageVisibilityBatchRequest)
    case createQueue(CreateQueueRequest)
    case deleteMessage(DeleteMessageRequest)
    case deleteMessageBatch(DeleteMessageBatchRequest)
    case deleteQueue(DeleteQueueRequest)
    case getQueueAttributes(GetQueueAttributesRequest)
    case getQueueURL(GetQueueURLRequest)
    case listDeadLetterSourceQueues(ListDeadLetterSourceQueuesRequest)
    case listMessageMoveTasks(ListMessageMoveTasksRequest)
    case listQueueTags(ListQueueTagsRequest)
    case listQueues(ListQueuesRequest)
    case purgeQueue(PurgeQueueRequest)
    case removePermission(RemovePermissionRequest)
    case sendMessage(SendMessageRequest)
    case sendMessageBatch(SendMessageBatchRequest)
    case setQueueAttributes(SetQueueAttributesRequest)
    case startMessageMoveTask(StartMessageMoveTaskRequest)
    case tagQueue(TagQueueRequest)
    case untagQueue(UntagQueueRequest)

    /// Reads a document; `nil` for ReceiveMessage, which may wait.
    package init?(_ operation: SQSOperation, _ document: JSONValue) throws(SQSError) {
        switch operation {
        case .receiveMessage: return nil
        case .changeMessageVisibility: self = .changeMessageVisibility(try Self.read(document))
        case .changeMessageVisibilityBatch: self = .changeMessageVisibilityBatch(try Self.read(document))
        case .createQueue: self = .createQueue(try Self.read(document))
        case .deleteMessage: self = .deleteMessage(try Self.read(document))
        case .deleteMessageBatch: self = .deleteMessageBatch(try Self.read(document))
        case .deleteQueue: self = .deleteQueue(try Self.read(document))
        case .getQueueAttributes: self = .getQueueAttributes(try Self.read(document))
        case .getQueueURL: self = .getQueueURL(try Self.read(document))
        case .listDeadLetterSourceQueues: self = .listDeadLetterSourceQueues(try Self.read(document))
        case .listQueues: self = .listQueues(try Self.read(document))
        case .purgeQueue: self = .purgeQueue(try Self.read(document))
        case .sendMessage: self = .sendMessage(try Self.read(document))
        case .sendMessageBatch: self = .sendMessageBatch(try Self.read(document))
        case .setQueueAttributes: self = .setQueueAttributes(try Self.read(document))
        case .addPermission: self = .addPermission(try Self.read(document))
        case .cancelMessageMoveTask: self = .cancelMessageMoveTask(try Self.read(document))
        case .listMessageMoveTasks: self = .listMessageMoveTasks(try Self.read(document))
        case .listQueueTags: self = .listQueueTags(try Self.read(document))
        case .removePermission: self = .removePermission(try Self.read(document))
        case .startMessageMoveTask: self = .startMessageMoveTask(try Self.read(document))
        case .tagQueue: self = .tagQueue(try Self.read(document))
        case .untagQueue: self = .untagQueue(try Self.read(document))
        }
    }

    /// Reads a document, with SQS's refusal of one that is none.
    static func read<Payload: SQSPayload>(_ document: JSONValue) throws(SQSError) -> Payload {
        do throws(SQSCodecError) {
            return try Payload(json: document)
        } catch {
            guard case .missing(let member) = error else {
                throw SQSError("SerializationException", error.description)
            }
            throw SQSError(
                "MissingRequiredParameterException", "The request must contain the parameter \(member).")
        }
    }
}

extension QueueService {
    /// Does what a request asks for and returns the document to answer with.
    package mutating func handle(
        _ request: QueueRequest, in call: QueueCall
    ) throws(SQSError) -> any SQSPayload {
        switch request {
        case .changeMessageVisibility(let request): try handle(request, in: call)
        case .changeMessageVisibilityBatch(let request): try handle(request, in: call)
        case .createQueue(let request): try handle(request, in: call)
        case .deleteMessage(let request): try handle(request, in: call)
        case .deleteMessageBatch(let request): try handle(request, in: call)
        case .deleteQueue(let request): try handle(request, in: call)
        case .getQueueAttributes(let request): try handle(request, in: call)
        case .getQueueURL(let request): try handle(request, in: call)
        case .listDeadLetterSourceQueues(let request): try handle(request, in: call)
        case .listQueues(let request): try handle(request, in: call)
        case .purgeQueue(let request): try handle(request, in: call)
        case .sendMessage(let request): try handle(request, in: call)
        case .sendMessageBatch(let request): try handle(request, in: call)
        case .setQueueAttributes(let request): try handle(request, in: call)
        case .addPermission(let request): try handle(request, in: call)
        case .cancelMessageMoveTask(let request): try handle(request, in: call)
        case .listMessageMoveTasks(let request): try handle(request, in: call)
        case .listQueueTags(let request): try handle(request, in: call)
        case .removePermission(let request): try handle(request, in: call)
        case .startMessageMoveTask(let request): try handle(request, in: call)
        case .tagQueue(let request): try handle(request, in: call)
        case .untagQueue(let request): try handle(request, in: call)
        }
    }
}
