using System.Security.Cryptography;
using System.Text.Json;
using Scdn.Client.Licences;
using Scdn.Format;
using Scdn.Format.Wire;

namespace Scdn.Client.Downloads;

/// <summary>What a device may do with a download, by what it keeps of it (Scdn.Format/SPEC.md, "Downloads"). Pure: files and clocks are the caller's.</summary>
internal static class DownloadRules
{
    /// <summary>How far the clock may lie behind the latest time that was seen: clocks are set right now and then.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(2);

    /// <summary>The licence's claims; an exception when it is not what the site signed, or another device's.</summary>
    /// <exception cref="DownloadException">It is not.</exception>
    public static DownloadClaims Claims(DownloadRecord record, ECDsa device)
    {
        var jwk = record.Signer.Deserialize(DownloadJson.Default.JsonWebKey);
        if (jwk is null || !jwk.TryToSigningKey(out var signer)) throw new DownloadException($"The licence of '{record.Title}' names no key: download it again.");
        using (signer)
        {
            if (!Es256.TryVerify(record.Licence, DownloadClaims.Type, _ => signer, WireJson.Default.DownloadClaims, out var claims))
                throw new DownloadException($"The licence of '{record.Title}' is not what the site has signed: download it again.");
            if (claims.Jkt != JsonWebKey.Of(device).Thumbprint()) throw new DownloadException($"'{record.Title}' was downloaded on another device: download it here.");
            return claims;
        }
    }

    /// <summary>Why it can't be played now, as a sentence for the viewer; null: it can.</summary>
    public static string? WhyNot(DownloadRecord record, DownloadClaims claims, DateTimeOffset now, MachineStart? start)
    {
        if (record.Over is { } over) return over;
        if (Earliest(record, start) is var earliest && now < earliest - Tolerance)
            return $"This machine's clock was turned back: it shows {LimitWords.Time(now)}, and it was {LimitWords.Time(earliest)} already. Set it right to play '{record.Title}'.";
        if (DateTimeOffset.FromUnixTimeSeconds(claims.Exp) is var end && now >= end) return $"'{record.Title}' could be played until {LimitWords.Time(end)}: to play on, download it again.";
        if (record.Sequence >= claims.Plays) return $"'{record.Title}' was played {(claims.Plays == 1 ? "once" : $"{claims.Plays} times")}, which is as often as it may be: to play on, download it again.";
        return null;
    }

    /// <summary>Whether nothing will ever be played by it any more.</summary>
    public static bool IsUsedUp(DownloadRecord record, DownloadClaims claims, DateTimeOffset now) => record.Over is not null || now.ToUnixTimeSeconds() >= claims.Exp || record.Sequence >= claims.Plays;

    /// <summary>A play begins: its receipt is added. To be on disk before the content key is used.</summary>
    public static DownloadRecord Play(DownloadRecord record, DownloadClaims claims, ECDsa device, DateTimeOffset now, MachineStart? start)
    {
        var receipt = Es256.Sign(
            device, claims.Jkt, ReceiptClaims.Type, new(claims.Jti, record.Sequence + 1, now.ToUnixTimeSeconds(), record.Head), WireJson.Default.ReceiptClaims);
        return See(record, now, start) with { Sequence = record.Sequence + 1, Head = ReceiptChain.Next(receipt), Receipts = [.. record.Receipts, receipt] };
    }

    /// <summary>Time has passed.</summary>
    public static DownloadRecord See(DownloadRecord record, DateTimeOffset now, MachineStart? start) => now > record.Seen ? record with { Seen = now, Start = start } : record;

    /// <summary>What is to be handed in next: as many receipts as are taken at once. The download is given back with the last of them.</summary>
    public static ReceiptsRequest Next(DownloadRecord record, bool giveBack)
    {
        var left = record.Receipts.Count - ReceiptsRequest.MaxReceipts;
        if (left <= 0) return new(record.Receipts, record.Sequence, record.Head, giveBack, record.Sought == 0 ? null : record.Sought);
        IReadOnlyList<string> first = [.. record.Receipts.Take(ReceiptsRequest.MaxReceipts)];
        return new(first, record.Sequence - left, ReceiptChain.Next(first[^1]));
    }

    /// <summary>The site has taken receipts in.</summary>
    public static DownloadRecord HandedIn(DownloadRecord record, DownloadStanding standing, MachineStart? start)
    {
        // Those that were made meanwhile stay.
        var open = Math.Clamp(record.Sequence - standing.Sequence, 0, record.Receipts.Count);
        return See(record, standing.ServerTime, start) with { Receipts = [.. record.Receipts.TakeLast(open)] };
    }

    private static DateTimeOffset Earliest(DownloadRecord record, MachineStart? start) =>
        record.Start is { } then && start?.EarliestAfter(then, record.Seen) is { } running && running > record.Seen ? running : record.Seen;
}
