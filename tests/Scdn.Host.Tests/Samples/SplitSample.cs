using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Scdn.Format;
using Scdn.Grains.Roles;
using Scdn.Testing;

namespace Scdn.Host.Tests.Samples;

/// <summary>A protected content as the splitter makes it, and how it is uploaded.</summary>
internal sealed class SplitSample : IDisposable
{
    private readonly TempFolder _folder;

    private SplitSample(TempFolder folder) => _folder = folder;

    public required SplitResult Split { get; init; }

    public required byte[] Original { get; init; }

    public ContentId Content => Split.Header.Content;

    public string Folder => _folder.Path;

    public static async Task<SplitSample> MakeAsync(ContentId? content = null, int version = 1, PublisherKey? publisher = null, ContentKey? key = null, int length = 200_000)
    {
        using var originals = new TempFolder();
        var bytes = RandomNumberGenerator.GetBytes(length);
        var original = originals.Write("film.mp4", bytes);
        using var own = publisher is null ? PublisherKey.Generate() : null;
        var options = new SplitOptions { PartSize = SplitOptions.MinPartSize, Content = content ?? ContentId.New(), Version = version, Key = key };
        var folder = new TempFolder();
        var split = await new Splitter(publisher ?? own!, options).SplitAsync(original, folder.Path, SplitPlan.Binary("A film"), progress: null, CancellationToken.None);
        return new SplitSample(folder) { Split = split, Original = bytes };
    }

    public byte[] BytesOf(PartId part) => File.ReadAllBytes(Path.Combine(Folder, part.ToString()));

    /// <summary>Uploads everything, the key first.</summary>
    public async Task PublishAsync(HttpClient operators)
    {
        (await DepositKeyAsync(operators)).EnsureSuccessStatusCode();
        foreach (var part in Split.Header.Parts) (await UploadAsync(operators, part.Id, BytesOf(part.Id))).EnsureSuccessStatusCode();
        (await FinishAsync(operators)).EnsureSuccessStatusCode();
    }

    public Task<HttpResponseMessage> DepositKeyAsync(HttpClient operators) =>
        operators.PutAsJsonAsync($"/v1/admin/content-keys/{Content}", new ContentKeyDeposit(Content, Split.Header.Version, Split.Key!.Bytes.ToArray()), Viewer.Json);

    public Task<HttpResponseMessage> UploadAsync(HttpClient operators, PartId part, byte[] bytes) =>
        operators.PutAsync($"/v1/admin/uploads/{Content}/parts/{part}", new ByteArrayContent(bytes));

    public Task<HttpResponseMessage> FinishAsync(HttpClient operators, byte[]? header = null, params string[] successions)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, $"/v1/admin/uploads/{Content}/header?title=A+film")
        {
            Content = new ByteArrayContent(header ?? Split.Header.File.ToArray()) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } },
        };
        request.Headers.Add(Succession.HeaderName, successions);
        return operators.SendAsync(request);
    }

    public void Dispose()
    {
        _folder.Dispose();
        Split.Key?.Dispose();
    }
}
