using Microsoft.AspNetCore.Connections;
using Scdn.Format;
using Scdn.Grains;

namespace Scdn.Host.Roles.Admin;

/// <summary>Takes contents that were split elsewhere: parts in any order, again if need be, then the header, with which all of it is checked and published.</summary>
internal sealed partial class Uploads(Origin origin, Catalogue catalogue, PublisherRule publishers, ILogger<Uploads> log)
{
    /// <summary>The longest part that the format knows, with its tags and hashes.</summary>
    public const long MaxPartBytes = PartLayout.MaxPlainLength + (PartLayout.MaxPlainLength / 64);

    /// <summary>Writes a part as it comes in; it counts when all of it is on disk.</summary>
    public async Task<Refusal?> TakePartAsync(ContentId content, PartId part, Stream body, long length, CancellationToken cancel)
    {
        if (length > MaxPartBytes) return Refusal.Invalid($"A part has {MaxPartBytes} bytes at most, not {length}.");
        try
        {
            return await origin.Store.Receive(content).TryWriteAsync(part, body, length, cancel)
                ? null
                : Refusal.Invalid($"Part {part} did not have the {length} bytes that were announced: send it again.");
        }
        catch (Exception fault) when (IsOfTheDisk(fault))
        {
            return NotStored($"part {part}", fault);
        }
    }

    public async Task<Publishing> TakeHeaderAsync(ContentId content, ReadOnlyMemory<byte> file, string? title, IEnumerable<string?> successions, CancellationToken cancel)
    {
        try
        {
            var header = Header.Parse(file);
            if (header.Content != content) return new Publishing(Refusal.Invalid($"The header is of content {header.Content}, not of {content}."), []);
            if (publishers.WhyNot(header) is { } untrusted) return new Publishing(untrusted, []);
            var proven = successions.Select(Succession.ParseHeader).ToList();
            return await catalogue.PublishAsync(header, title, proven, cancel);
        }
        catch (ScdnException fault) when (fault is HeaderException or SuccessionException)
        {
            return new Publishing(Refusal.Invalid(fault.Message), []);
        }
        catch (Exception fault) when (IsOfTheDisk(fault))
        {
            return new Publishing(NotStored($"the header of content {content}", fault), []);
        }
    }

    /// <summary>Whether the disk failed, rather than the connection that the bytes come over.</summary>
    private static bool IsOfTheDisk(Exception fault) =>
        fault is UnauthorizedAccessException || (fault is IOException && fault is not (BadHttpRequestException or ConnectionResetException));

    private Refusal NotStored(string what, Exception fault)
    {
        LogNotStored(what, fault.Message);
        return Refusal.Unavailable($"The host cannot store {what}: the disk of its data folder is full or cannot be written to (its log says which). Make room there, then publish again.");
    }

    [LoggerMessage(211, LogLevel.Error, "Upload: {What} cannot be stored: {Reason}")]
    private partial void LogNotStored(string what, string reason);
}
