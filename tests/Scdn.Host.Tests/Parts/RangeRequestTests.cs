using Microsoft.AspNetCore.Http;
using Scdn.Host.Parts;

namespace Scdn.Host.Tests.Parts;

internal sealed class RangeRequestTests
{
    private static readonly ServedFile File = new("nowhere", 1000, [0xab, 0xcd]);

    [TestCase("bytes=0-0", 206, 0, 1)]
    [TestCase("bytes=0-", 206, 0, 1000)]
    [TestCase("bytes=10-19", 206, 10, 10)]
    [TestCase("bytes=990-5000", 206, 990, 10)]
    [TestCase("bytes=999-", 206, 999, 1)]
    [TestCase("bytes=-1", 206, 999, 1)]
    [TestCase("bytes=-5000", 206, 0, 1000)]
    [TestCase("BYTES=5-6", 206, 5, 2)]
    [TestCase("bytes=0-99999999999999999999999", 206, 0, 1000)]
    [TestCase("bytes=1000-", 416, 0, 0)]
    [TestCase("bytes=99999999999999999999999-", 416, 0, 0)]
    [TestCase("bytes=-0", 416, 0, 0)]
    [TestCase("bytes=5-4", 200, 0, 1000)]
    [TestCase("bytes=a-b", 200, 0, 1000)]
    [TestCase("bytes=-", 200, 0, 1000)]
    [TestCase("bytes=+1-2", 200, 0, 1000)]
    [TestCase("bytes=1-2,4-5", 200, 0, 1000)]
    [TestCase("lines=1-2", 200, 0, 1000)]
    [TestCase("", 200, 0, 1000)]
    public void Answers_a_range_as_the_standard_says(string range, int status, long offset, long length) =>
        Assert.That(Read(range: range), Is.EqualTo(new RangeRequest(status, new(offset, length))));

    [Test]
    public void Ignores_a_range_in_a_HEAD_request() => Assert.That(Read("HEAD", "bytes=0-1").Status, Is.EqualTo(200));

    [TestCase("\"abcd\"", 206)]
    [TestCase("W/\"abcd\"", 200)]
    [TestCase("\"ffff\"", 200)]
    [TestCase("Wed, 21 Oct 2015 07:28:00 GMT", 200)]
    public void Sends_a_range_only_of_the_version_that_is_asked_for(string ifRange, int status) =>
        Assert.That(Read(range: "bytes=0-1", ("If-Range", ifRange)).Status, Is.EqualTo(status));

    [TestCase("If-None-Match", "\"abcd\"", 304)]
    [TestCase("If-None-Match", "\"1\", W/\"abcd\"", 304)]
    [TestCase("If-None-Match", "*", 304)]
    [TestCase("If-None-Match", "\"1\"", 200)]
    [TestCase("If-Match", "\"abcd\"", 200)]
    [TestCase("If-Match", "W/\"abcd\"", 412)]
    [TestCase("If-Match", "\"1\"", 412)]
    public void Judges_preconditions_first(string header, string value, int status) => Assert.That(Read(range: "", (header, value)).Status, Is.EqualTo(status));

    private static RangeRequest Read(string method, string range) => Read(method, range, []);

    private static RangeRequest Read(string range, params (string Name, string Value)[] headers) => Read("GET", range, headers);

    private static RangeRequest Read(string method, string range, (string Name, string Value)[] headers)
    {
        var request = new DefaultHttpContext().Request;
        request.Method = method;
        if (range.Length > 0) request.Headers.Range = range;
        foreach (var (name, value) in headers) request.Headers[name] = value;
        return RangeRequest.Read(request, File);
    }
}
