using System.Buffers.Binary;

namespace Scdn.Host.Roles.ContentServer;

/// <summary>
/// Ids of connection records: UUIDs of version 7 (RFC 9562), in the order of time, so that a store with millions of them adds them at one end. They are told apart, not guessed: their random bits need not be secret, and to ask the system for
/// such would take a system call for each record.
/// </summary>
internal static class RecordId
{
    /// <summary>A fresh one.</summary>
    public static Guid New(DateTimeOffset now)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, now.ToUnixTimeMilliseconds() << 16);
        Random.Shared.NextBytes(bytes[6..]);
        bytes[6] = (byte)(0x70 | (bytes[6] & 0x0f));
        bytes[8] = (byte)(0x80 | (bytes[8] & 0x3f));
        return new Guid(bytes, bigEndian: true);
    }
}
