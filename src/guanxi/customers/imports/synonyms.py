"""What columns are called in the files people have, in English and Chinese, and the target each name means."""

from __future__ import annotations

import re

from guanxi.kit.text import fold

# Written without spaces and marks, folded: "E-mail Address" and 电子邮箱地址 are looked up as `emailaddress` and
# 电子邮箱地址. Traditional forms fold to simplified ones.
_COMMON = {
    "name": "name fullname displayname customername clientname contactname membername username nickname customer "
    "client "
    "contact person 姓名 名字 名称 客户姓名 客户名称 客户名 客户 昵称 联系人 联系人姓名 会员姓名 会员名 收货人 "
    "收件人 用户名",
    "first_name": "firstname givenname forename fname 名 given",
    "last_name": "lastname familyname surname lname 姓 姓氏 family",
    "company_name": "company companyname organisation organization org employer accountname account business firm "
    "公司 公司名称 公司名 单位 单位名称 企业 企业名称 组织 客户公司 所在公司",
    "title": "title jobtitle position role job occupation 职位 职务 头衔 岗位 职业",
    "gender": "gender sex 性别",
    "birth_date": "birthday birthdate dateofbirth dob born bday 生日 出生日期 出生年月 出生年月日 出生",
    "language": "language lang locale preferredlanguage 语言 语种",
    "kind": "customertype customerkind 客户类型",
    "description": "description notes note remark remarks comment comments about memo 备注 描述 说明 附注 简介",
    "created_at": "createdtime createdat created createddate creationdate createdon signupdate registered "
    "registeredat "
    "registrationdate joined joindate customersince 创建时间 创建日期 注册时间 注册日期 添加时间 加入时间 建档时间",
    "phone": "phone phonenumber mobile mobilephone mobilenumber cell cellphone telephone tel contactnumber phoneno "
    "mobileno workphone homephone businessphone officephone otherphone whatsapp msisdn "
    "手机 手机号 手机号码 电话 电话号码 联系电话 联系方式 固定电话 座机 移动电话 办公电话 收货电话 收件人电话",
    "email": "email emailaddress mail mailaddress emailid workemail personalemail primaryemail secondaryemail "
    "邮箱 电子邮箱 电子邮件 邮件 邮箱地址 电子邮箱地址 邮件地址",
    "unionid": "unionid wechatunionid 微信unionid",
    "openid": "openid wechatopenid wxopenid 微信openid",
    "country": "country countrycode countryname nation 国家 国家地区 国籍 国别",
    "region": "state province region county stateprovince provincestate 省 省份 省市 州 地区 区域 所在省份",
    "city": "city town suburb cityname 城市 市 所在城市 所在地",
    "address": "address street streetaddress addressline1 address1 mailingaddress homeaddress shippingaddress "
    "billingaddress 地址 详细地址 住址 联系地址 收货地址 通讯地址 家庭住址 街道",
    "postcode": "postcode zip zipcode postalcode plz 邮编 邮政编码",
}
_OF_CUSTOMERS = {
    "tags": "tag tags label labels group groups category categories categorymemberships 标签 客户标签 分组 会员标签",
    "stage": "stage lifecycle lifecyclestage lifecyclestatus status leadstatus 阶段 客户阶段 生命周期 跟进阶段 "
    "客户状态 状态",
    "owner": "owner salesrep salesperson salesagent accountowner leadowner contactowner accountmanager "
    "assignedto agent "
    "负责人 所属人 归属人 跟进人 销售 销售员 业务员 客户经理 所属员工 添加人 专属导购",
    "source": "source leadsource origin customersource utmsource howheard 来源 客户来源 渠道 来源渠道 添加渠道 "
    "获客渠道",
}
_OF_TRANSACTIONS = {
    "at": "date datetime time timestamp at when invoicedate orderdate ordertime purchasedate purchasetime "
    "transactiondate "
    "transactiontime paidat paymentdate paymenttime createdat created createdtime closedate closingdate saledate "
    "soldat "
    "日期 时间 下单时间 订单时间 订单日期 付款时间 支付时间 交易时间 交易日期 购买时间 购买日期 消费时间 "
    "消费日期 成交时间 开票日期",
    "amount": "amount total totalamount totalprice ordertotal orderamount price_total sales revenue value sum "
    "linetotal "
    "subtotal grandtotal spend spent paid amountpaid closevalue netamount payment extendedprice totalsales "
    "金额 总金额 总价 订单金额 实付 实付金额 支付金额 付款金额 消费金额 交易金额 成交金额 合计 销售额 小计 应付金额",
    "quantity": "quantity qty units unitssold count pieces numberofitems items 数量 件数 购买数量 商品数量",
    "price": "price unitprice priceeach itemprice rate 单价 价格 商品单价 售价",
    "currency": "currency currencycode curr 币种 货币 货币代码",
    "order": "invoice invoiceno invoiceid invoicenumber order orderid orderno ordernumber receipt receiptno "
    "receiptid "
    "salesid salesorderid billno billid 订单号 订单编号 订单id 单号 小票号 发票号 销售单号",
    "event_key": "transactionid transactionno transactionnumber purchaseid opportunityid lineid lineitemid paymentid "
    "referenceno 交易号 交易单号 流水号 支付单号 明细编号",
    "product": "product productname item itemname description productdescription itemdescription goods goodsname "
    "articlename 商品 商品名称 商品名 产品 产品名称 货品名称 品名 物品",
    "product_id": "sku stockcode productid productcode itemid itemcode itemno articleno asin barcode ean upc goodsid "
    "商品编号 商品编码 商品id 产品编号 货号 条码 商品条码",
    "category": "category productcategory producttype department 类别 商品类别 品类 分类 商品分类",
}
# Ids of customers themselves; other ids ("Account Id") are told apart by what stands before the "id".
_OWN_ID = frozenset(
    [
        "id",
        "customerid",
        "customerno",
        "customernumber",
        "customercode",
        "clientid",
        "clientno",
        "userid",
        "uid",
        "memberid",
        "memberno",
        "membernumber",
        "membershipno",
        "buyerid",
        "shopperid",
        "householdid",
        "custid",
        "loyaltyid",
        "cardno",
        "externalid",
        "recid",
        "uniqueid",
        "客户id",
        "客户编号",
        "客户号",
        "客户编码",
        "会员号",
        "会员编号",
        "会员id",
        "会员卡号",
        "用户id",
        "用户编号",
        "编号",
        "买家id",
    ]
)
_ID_OF = re.compile(r"(?P<stem>[a-z]{3,}?)s?(?:id|no|number|code)|(?P<han>[^\W\da-z]{2,6})(?:id|编号)")
_NUMBERED = re.compile(
    r"(?:primary|main|home|work|business|office|mobile|other|secondary)?(?P<word>phone|email|mail)\d?(?:value)?"
)
_MARKS = re.compile(r"[\W_]+")


def plain(header: str) -> str:
    """The header as it is looked up: folded, without spaces, marks and what stands in brackets."""
    folded = fold(header[:200])
    bare = re.sub(r"[(（\[【].*?[)）\]】]", "", folded)
    return _MARKS.sub("", bare) or _MARKS.sub("", folded)


def by_name(header: str, *, transactions: bool) -> str:
    """The target that a column's name means; "" when it means none of them."""
    word = plain(header)
    tables = (_TRANSACTIONS, _SHARED) if transactions else (_CUSTOMERS, _SHARED)
    for table in tables:
        if word in table:
            return table[word]
    if word in _OWN_ID:
        return "external"
    if numbered := _NUMBERED.fullmatch(word):
        return "email" if "mail" in numbered["word"] else "phone"
    return ""


def id_stem(header: str) -> str | None:
    """What an id column is the id of: "" for the customer's own, "account" for Account Id; None for no id."""
    word = plain(header)
    if word in _OWN_ID:
        return ""
    found = _ID_OF.fullmatch(word)
    if not found:
        return None
    return found["stem"] or found["han"]


def _by_word(table: dict[str, str]) -> dict[str, str]:
    return {_MARKS.sub("", fold(word)): target for target, words in table.items() for word in words.split()}


_SHARED, _CUSTOMERS, _TRANSACTIONS = _by_word(_COMMON), _by_word(_OF_CUSTOMERS), _by_word(_OF_TRANSACTIONS)
