namespace SceneWorld.Tests.Scenes;

public class PlaceTests
{
    [Fact]
    public void Is_TwoDifferentPlaces_HaveARelationAndItsOpposite()
    {
        Place[] places =
        [
            .. from column in Enum.GetValues<SceneColumn>() from row in Enum.GetValues<SceneRow>() select new Place(column, row),
        ];
        foreach (Place here in places)
        {
            foreach (Place there in places)
            {
                Assert.Equal(here.Is(SpatialRelation.LeftOf, there), there.Is(SpatialRelation.RightOf, here));
                Assert.Equal(here.Is(SpatialRelation.Above, there), there.Is(SpatialRelation.Below, here));
                Assert.Equal(here != there, Enum.GetValues<SpatialRelation>().Any(relation => here.Is(relation, there)));
            }
        }
    }

    [Fact]
    public void Is_UnknownRelation_NamesTheArgument()
    {
        var place = new Place(SceneColumn.Left, SceneRow.Top);
        Assert.Equal("relation", Assert.Throws<ArgumentOutOfRangeException>(() => place.Is((SpatialRelation)9, place)).ParamName);
    }
}
