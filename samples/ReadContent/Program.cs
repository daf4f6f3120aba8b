// Reads a content like a file: signs in, chooses, asks to play, and copies a range of the original to standard output.
using System.Globalization;
using Scdn.Client;
using Scdn.Client.Sessions;
using Scdn.Format;

long from = 0, length = long.MaxValue;
if (args.Length is < 4 or > 6
    || !Uri.TryCreate(args[0], UriKind.Absolute, out var address)
    || (args.Length > 4 && !long.TryParse(args[4], NumberStyles.None, CultureInfo.InvariantCulture, out from))
    || (args.Length > 5 && !long.TryParse(args[5], NumberStyles.None, CultureInfo.InvariantCulture, out length)))
{
    await Console.Error.WriteLineAsync("ReadContent SITE USER PASSWORD-FILE TITLE [OFFSET [LENGTH]]");
    return 2;
}

using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, press) =>
{
    press.Cancel = true;
    interrupted.Cancel();
};
var cancel = interrupted.Token;

try
{
    var (user, password, title) = (args[1], File.ReadLines(args[2]).FirstOrDefault() ?? "", args[3]);

    // Sign in. The session is bound to a key that never leaves this process: nobody else can use it.
    using var session = await SiteClient.SignInAsync(address, user, password, TimeProvider.System, cancel);
    var site = new SiteClient(session, TimeProvider.System);

    // Choose from what this viewer may play.
    var contents = await site.GetContentsAsync(cancel);
    if (contents.FirstOrDefault(content => content.Title == title) is not { } chosen)
    {
        await Console.Error.WriteLineAsync($"There is no '{title}' among {string.Join(", ", contents.Select(content => $"'{content.Title}'"))}.");
        return 1;
    }

    // Ask to play: one request gives header, keys and servers, and counts one play. Then parts are fetched from all servers.
    var grant = await site.PlayAsync(chosen.Id, cancel);
    using var key = grant.Key;
    await using var network = NetworkManager.Start(grant, new NetworkOptions());

    // The stream can be read and sought at once: what is not here yet is waited for, and checked before it is given out.
    await using var stream = network.OpenStream();
    stream.Position = from;
    await using var output = Console.OpenStandardOutput();
    var buffer = new byte[64 * 1024];
    while (length > 0 && await stream.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, length)), cancel) is > 0 and var count)
    {
        await output.WriteAsync(buffer.AsMemory(0, count), cancel);
        length -= count;
    }

    return 0;
}
catch (Exception error) when (error is ScdnException or IOException or UnauthorizedAccessException)
{
    // Whatever the site refuses, or no server gives, is one sentence for people.
    await Console.Error.WriteLineAsync(error.Message);
    return 1;
}
catch (OperationCanceledException)
{
    return 130;
}
