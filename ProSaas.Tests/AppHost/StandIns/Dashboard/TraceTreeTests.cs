using System.Diagnostics;
using Aspire.Dashboard.Telemetry;
using CsCheck;

namespace ProSaas.Tests.AppHost.StandIns.Dashboard;

public sealed class TraceTreeTests
{
    [Fact]
    public void Spans_stand_below_their_parents_in_the_order_they_began()
    {
        var nodes = TraceTree.Order([Spans.Kept(3, parent: 1, startMs: 20), Spans.Kept(4, parent: 2, startMs: 6), Spans.Kept(2, parent: 1, startMs: 5), Spans.Kept(1)]);

        Shape(nodes).ShouldBe(["1 depth 0, 2 children, 3 below", "2 depth 1, 1 children, 1 below", "4 depth 2, 0 children, 0 below", "3 depth 1, 0 children, 0 below"]);
        nodes.ShouldAllBe(node => !node.ParentIsMissing);
    }

    [Fact]
    public void Span_whose_parent_is_not_here_stands_at_the_top()
    {
        var nodes = TraceTree.Order([Spans.Kept(1), Spans.Kept(2, parent: 99, startMs: 1)]);

        nodes.Select(node => (Id(node), node.Depth, node.ParentIsMissing)).ShouldBe([(1, 0, false), (2, 0, true)]);
    }

    [Fact]
    public void Ring_of_parents_is_opened_at_the_span_that_began_first()
    {
        var nodes = TraceTree.Order([Spans.Kept(1, parent: 3, startMs: 2), Spans.Kept(2, parent: 1, startMs: 1), Spans.Kept(3, parent: 2, startMs: 3), Spans.Kept(4, parent: 3, startMs: 4), Spans.Kept(5, parent: 5)]);

        nodes.Select(node => (Id(node), node.Depth)).ShouldBe([(5, 0), (2, 0), (3, 1), (1, 2), (4, 2)]);
        nodes[1].ParentIsMissing.ShouldBeTrue();
    }

    [Fact]
    public void Chain_of_50000_spans_is_ordered_within_two_seconds()
    {
        var spans = Enumerable.Range(1, 50_000).Select(id => Spans.Kept(id, parent: id == 1 ? null : id - 1, startMs: id)).Reverse().ToList();
        var started = Stopwatch.GetTimestamp();

        var nodes = TraceTree.Order(spans);

        nodes.Select(Id).ShouldBe(Enumerable.Range(1, 50_000));
        (nodes[^1].Depth, nodes[0].DescendantCount).ShouldBe((49_999, 49_999));
        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void Star_of_50000_spans_is_ordered_within_two_seconds()
    {
        var spans = Enumerable.Range(1, 50_000).Select(id => Spans.Kept(id, parent: id == 1 ? null : 1, startMs: id)).ToList();
        var started = Stopwatch.GetTimestamp();

        TraceTree.Order(spans)[0].ChildCount.ShouldBe(49_999);

        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void Every_span_stands_in_the_waterfall_once_whatever_the_parents_are() =>
        Gen.Int[1, 30].SelectMany(count => Gen.Int[0, count + 1].Array[count]).Sample(parents =>
        {
            var spans = parents.Select((parent, i) => Spans.Kept(i + 1, parent == 0 ? null : parent, startMs: i)).ToList();
            var nodes = TraceTree.Order(spans);
            return nodes.Select(Id).Order().SequenceEqual(Enumerable.Range(1, parents.Length))
                && nodes.Select((node, i) => nodes.Skip(i + 1).TakeWhile(below => below.Depth > node.Depth).Count() == node.DescendantCount).All(right => right);
        });

    private static IEnumerable<string> Shape(IEnumerable<TraceNode> nodes) => nodes.Select(node => $"{Id(node)} depth {node.Depth}, {node.ChildCount} children, {node.DescendantCount} below");

    private static int Id(TraceNode node) => Convert.ToInt32(node.Span.SpanId, 16);
}
