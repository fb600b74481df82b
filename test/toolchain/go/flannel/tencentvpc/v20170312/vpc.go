// Package v20170312 is a stand-in for the Tencent Cloud VPC client, whose module the Go proxy refuses to serve.
//
// flannel's main package imports every backend, tencent-vpc too, so the name must resolve for flannel to build. The
// types are the few that backend mentions; every call fails with a plain message. No other backend touches this code.
package v20170312

import "errors"

var errStandIn = errors.New("this flannel was built without the Tencent Cloud client: use the vxlan or host-gw backend")

// Filter narrows a list request by the values of one attribute.
type Filter struct {
	Name   *string
	Values []*string
}

// Route is one entry of a route table.
type Route struct {
	DestinationCidrBlock *string
	GatewayType          *string
	GatewayId            *string
	RouteId              *uint64
	RouteType            *string
	Enabled              *bool
}

// RouteTable is one route table with its entries.
type RouteTable struct {
	RouteTableId *string
	RouteSet     []*Route
}

// DescribeRouteTablesRequest asks for the route tables that pass all filters.
type DescribeRouteTablesRequest struct{ Filters []*Filter }

// DescribeRouteTablesResponse carries the tables found.
type DescribeRouteTablesResponse struct {
	Response struct{ RouteTableSet []*RouteTable }
}

// RoutesRequest names routes to create in, or delete from, one table.
type RoutesRequest struct {
	RouteTableId *string
	Routes       []*Route
}

// Client is the stand-in client.
type Client struct{}

func NewClientWithSecretId(_, _, _ string) (*Client, error) { return &Client{}, nil }
func NewDescribeRouteTablesRequest() *DescribeRouteTablesRequest {
	return &DescribeRouteTablesRequest{}
}
func NewDeleteRoutesRequest() *RoutesRequest                   { return &RoutesRequest{} }
func NewCreateRoutesRequest() *RoutesRequest                   { return &RoutesRequest{} }
func (*Client) DeleteRoutes(*RoutesRequest) (*struct{}, error) { return nil, errStandIn }
func (*Client) CreateRoutes(*RoutesRequest) (*struct{}, error) { return nil, errStandIn }
func (*Client) DescribeRouteTables(*DescribeRouteTablesRequest) (*DescribeRouteTablesResponse, error) {
	return nil, errStandIn
}
