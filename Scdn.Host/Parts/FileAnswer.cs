using Microsoft.Net.Http.Headers;
using Microsoft.Win32.SafeHandles;

namespace Scdn.Host.Parts;

/// <summary>Answers a request with a file that never changes, or with one range of it.</summary>
internal sealed class FileAnswer(FileHandleCache handles, RateCap? cap, TrafficMeter meter)
{
    // Measured with Kestrel: reading synchronously into the writer's own memory, this much at a time, beats SendFileAsync.
    private const int ChunkBytes = 256 * 1024;

    /// <summary>Answers; the result says what was sent of what was asked for, also when the other side has gone.</summary>
    public async Task<SentBytes> WriteAsync(HttpContext http, ServedFile file, string mediaType, RangeRequest wanted)
    {
        var response = http.Response;
        using var lease = handles.TryRent(file.Path);
        if (lease is null)
        {
            // Taken out of service between the look-up and here.
            response.StatusCode = StatusCodes.Status404NotFound;
            return new(response.StatusCode, 0, 0);
        }

        response.StatusCode = wanted.Status;
        var headers = response.Headers;
        headers.ETag = file.EntityTag;
        headers.AcceptRanges = "bytes";
        headers.CacheControl = "private, max-age=31536000, immutable";
        switch (wanted.Status)
        {
            case StatusCodes.Status304NotModified or StatusCodes.Status412PreconditionFailed:
                return new(wanted.Status, 0, 0);
            case StatusCodes.Status416RangeNotSatisfiable:
                headers.ContentRange = $"bytes */{file.Length}";
                return new(wanted.Status, 0, 0);
            case StatusCodes.Status206PartialContent:
                headers.ContentRange = $"bytes {wanted.Range.Offset}-{wanted.Range.End - 1}/{file.Length}";
                break;
        }

        headers.ContentType = mediaType;
        headers.ContentLength = wanted.Range.Length;
        headers[HeaderNames.XContentTypeOptions] = "nosniff";
        if (HttpMethods.IsHead(http.Request.Method)) return new(wanted.Status, 0, 0);
        return new(wanted.Status, wanted.Range.Length, await SendAsync(http, lease.Handle, wanted.Range.Offset, wanted.Range.Length));
    }

    private async Task<long> SendAsync(HttpContext http, SafeFileHandle file, long offset, long length)
    {
        var writer = http.Response.BodyWriter;
        var slice = cap?.SliceBytes ?? ChunkBytes;
        // One slice waits for nothing that would not end by itself; to ask for the token costs more than to send a short answer.
        var gone = cap is null && length <= slice ? CancellationToken.None : http.RequestAborted;
        long sent = 0;
        try
        {
            while (sent < length)
            {
                var want = (int)Math.Min(slice, length - sent);
                if (cap is not null) await cap.TakeAsync(want, gone);
                var read = RandomAccess.Read(file, writer.GetMemory(want).Span[..want], offset + sent);
                if (read == 0) throw new IOException("A part's file is shorter than its header says.");
                writer.Advance(read);
                var flushed = await writer.FlushAsync(gone);
                if (flushed.IsCompleted || flushed.IsCanceled) break;
                sent += read;
                meter.Add(read);
            }
        }
        catch (OperationCanceledException) when (gone.IsCancellationRequested)
        {
            // The other side has gone; how far it came is the answer.
        }

        return sent;
    }
}

/// <summary>What became of an answer.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Wanted">Bytes of body that it should have had.</param>
/// <param name="Sent">Bytes of body that were handed to the connection.</param>
internal readonly record struct SentBytes(int Status, long Wanted, long Sent)
{
    public bool Complete => Sent == Wanted;
}
